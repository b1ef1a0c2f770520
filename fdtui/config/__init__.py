"""Settings, folders and secrets; frozen values handed to whoever needs them.

Plain dataclasses instead of pydantic: the settings are read before the first frame, and importing
pydantic alone takes as long as half of that frame.
"""
