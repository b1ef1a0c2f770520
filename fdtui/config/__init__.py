"""Settings, folders and secrets; frozen values handed to whoever needs them."""
