"""The one door between MkDocs and the engine. MkDocs calls what begins with `on_`."""

from typing import Literal

from marginalia.mkdocs_build import check_packages, configure
from mkdocs.config.defaults import MkDocsConfig

_serving = False


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global _serving
    _serving = command == "serve"
    check_packages()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    configure(config, _serving)
    return config
