"""The API key: where it is looked for, in which order, and for which address it was given."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from urllib.parse import quote, unquote, urlsplit

from fdtui.config.secret import Secret
from fdtui.config.settings import Settings
from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe

KEY_VARIABLE = "FDTUI_API_KEY"
SERVICE = "fdtui"
"""The name under which a keyring keeps our keys; the user's name there is the origin."""
COMMAND_SECONDS = 30.0
KEYRING_SECONDS = 3.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


@frozen
class ApiKey:
    """A key, and who gave it (for ``fdtui config show``)."""

    secret: Secret
    source: str


def find_key(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    note: Callable[[str], None] = lambda _: None,
    from_keyring: Callable[[str, Callable[[str], None]], str] | None = None,
) -> ApiKey | None:
    """The key for the profile's url, or ``None``: environment, keyring, command, file.

    ``note`` hears why a place was passed over. May ask on the terminal (a passphrase) and take half
    a minute, so it is called before the screen starts.

    Raises `ConfigError` where the command fails.
    """
    profile = settings.profile
    if environ.get(KEY_VARIABLE, "").strip():
        return ApiKey(Secret(environ[KEY_VARIABLE].strip("\r\n")), KEY_VARIABLE)
    look = _from_keyring if from_keyring is None else from_keyring
    kept = look(origin_of(profile.url), note) if profile.url else ""
    if kept:
        return ApiKey(Secret(kept), "keyring")
    given_for = profile.api_key_url or settings.stored_url
    has_own = bool(profile.api_key_command or profile.api_key)
    if has_own and origin_of(given_for) != origin_of(profile.url):
        note(
            f"The key of profile {safe(profile.name)} was given for {safe(given_for) or 'no address'},"
            f" so it is not sent to {safe(profile.url)}."
        )
        return None
    if profile.api_key_command:
        return ApiKey(Secret(_from_command(profile.api_key_command)), "api_key_command")
    if profile.api_key is not None:
        return ApiKey(profile.api_key, str(settings.config_file))
    return None


def is_key_certain(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether the environment and the settings file alone say which key it is; asks no other place."""
    if environ.get(KEY_VARIABLE, "").strip():
        return True
    profile = settings.profile
    has_own = profile.api_key is not None and not profile.api_key_command
    return has_own and find_spec("keyring") is None


def stored_key(settings: Settings, environ: Mapping[str, str]) -> ApiKey | None:
    """The key of the environment or the settings file, for the profile's url; asks no other place."""
    if environ.get(KEY_VARIABLE, "").strip():
        return ApiKey(Secret(environ[KEY_VARIABLE].strip("\r\n")), KEY_VARIABLE)
    profile = settings.profile
    given_for = profile.api_key_url or settings.stored_url
    if profile.api_key is None or origin_of(given_for) != origin_of(profile.url):
        return None
    return ApiKey(profile.api_key, str(settings.config_file))


def origin_of(url: str) -> str:
    """Scheme, host and port of ``url``, spelt one way; empty where it is no address.

    Of a unix socket it is the whole path, in which large and small letters differ.
    """
    try:
        parts = urlsplit(url.strip())
        if parts.scheme == "http+unix":
            return f"{parts.scheme}://{quote(unquote(parts.netloc), safe='')}" if parts.netloc else ""
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname and port else ""


def _from_command(command: tuple[str, ...]) -> str:
    """The first line that the command prints, which is where ``pass`` and its like put the secret."""
    name = safe(command[0])
    try:
        # Its questions (a passphrase) go to the terminal, its answer comes here; no shell reads it.
        done = subprocess.run(  # noqa: S603 - the user's own command, from a file only they can write
            command, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS, check=False
        )
    except FileNotFoundError:
        raise ConfigError(f"api_key_command: there is no program {name}.") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"api_key_command: {name} took longer than {COMMAND_SECONDS:g} s.") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"api_key_command: {name} cannot be run ({type(error).__name__}).") from None
    if done.returncode:
        raise ConfigError(f"api_key_command: {name} ended with status {done.returncode}.")
    line = done.stdout.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if not line:
        raise ConfigError(f"api_key_command: {name} printed nothing.")
    return line


def _from_keyring(origin: str, note: Callable[[str], None]) -> str:
    """What the system's keyring has for ``origin``; nothing where it is absent, locked or hangs.

    In a process of its own: a keyring without a desktop waits for ever, and a back end that breaks
    should not break us.
    """
    if find_spec("keyring") is None:
        return ""
    # -P: a keyring.py in the working folder must not be what is run.
    command = (sys.executable, "-P", "-m", "keyring", "get", SERVICE, origin)
    try:
        done = subprocess.run(  # noqa: S603 - every word of it is ours
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=KEYRING_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        note(f"The keyring did not answer within {KEYRING_SECONDS:g} s.")
        return ""
    if done.returncode:
        if done.stderr:  # it ends with an error too where it just has no such key, but in silence
            note("The keyring could not be asked.")
        return ""
    return done.stdout.decode("utf-8", "replace").rstrip("\r\n")
