"""Microdata of a page as a search engine reads it, by the steps of the HTML standard."""

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag


def items(html: str) -> list[dict[str, Any]]:
    """The top-level items of a page: type and properties; a property that comes more than once is
    a list.
    """
    page = BeautifulSoup(html, "html.parser")
    named = {str(tag["id"]): tag for tag in page.find_all(id=True)}
    tops = page.find_all(lambda tag: tag.has_attr("itemscope") and not tag.has_attr("itemprop"))
    return [_item(tag, named) for tag in tops]


def _item(scope: Tag, named: Mapping[str, Tag]) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": str(scope["itemtype"]).rpartition("/")[2]}
    waiting = [child for child in scope.children if isinstance(child, Tag)]
    for name in str(scope.get("itemref", "")).split():
        waiting.append(named[name])
    while waiting:
        tag = waiting.pop(0)
        for name in str(tag.get("itemprop", "")).split():
            item[name] = [*_listed(item.get(name)), _value(tag, named)]
        if not tag.has_attr("itemscope"):
            waiting += [child for child in tag.children if isinstance(child, Tag)]
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in item.items()
    }


def _value(tag: Tag, named: Mapping[str, Tag]) -> Any:
    if tag.has_attr("itemscope"):
        return _item(tag, named)
    return tag.get({"a": "href", "time": "datetime"}.get(tag.name, ""), tag.get_text())


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value
