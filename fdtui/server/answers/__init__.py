"""What the API answers, and takes where the shape is fixed, as models: the OpenAPI document's source.

Handlers answer plain dicts, which the contract suite holds against these models. Loaded only with the
first body of a fixed shape, or the first look at the document, so that no start waits for pydantic.
"""
