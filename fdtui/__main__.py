"""``python -m fdtui``."""

from fdtui.cli.main import main

if __name__ == "__main__":
    main()
