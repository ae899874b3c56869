"""The part of HQL that table clients send: one class, equality and membership tests, named parameters."""
import re

import omero
from omero.rtypes import unwrap

QUERY = re.compile(
    r"^\s*(?:select\s+(?P<select>.+?)\s+)?from\s+(?P<kind>[\w.]+)\s+(?:as\s+)?(?P<alias>\w+)?(?P<rest>.*)$", re.I | re.S)


class Query:
    def __init__(self, text):
        match = QUERY.match(text.strip())
        if match is None:
            raise omero.ApiUsageException(None, None, "query not understood: " + text)
        self.kind = match["kind"].split(".")[-1]
        self.alias = match["alias"] or "obj"
        rest = match["rest"] or ""
        where = re.search(r"\bwhere\b(.*?)(?:\border\s+by\b.*)?$", rest, re.I | re.S)
        self.aliases = {a: p for p, a in re.findall(r"join\s+(?:fetch\s+)?([\w.]+)\s+(?:as\s+)?(?!fetch|left|join|where|order)(\w+)", rest, re.I)}
        self.conditions = [c.strip() for c in re.split(r"\band\b", where[1], flags=re.I)] if where else []
        self.select = [s.strip() for s in (match["select"] or self.alias).split(",")]

    def path(self, expression):
        """Attribute names from the queried object, joins resolved."""
        head, *tail = expression.split(".")
        while head != self.alias and head in self.aliases:
            before = self.aliases[head].split(".")
            head, tail = before[0], before[1:] + tail
        return tail

    def matches(self, obj, parameters):
        return all(self.holds(obj, c, parameters) for c in self.conditions)

    def holds(self, obj, condition, parameters):
        match = re.match(r"^\(?\s*([\w.]+)\s*(=|!=|<>|in|like|is)\s*(.+?)\s*\)?$", condition, re.I | re.S)
        if match is None:
            raise omero.ApiUsageException(None, None, "condition not understood: " + condition)
        value = follow(obj, self.path(match[1]))
        operator, operand = match[2].lower(), match[3].strip(" ()")
        if operator == "is":
            return (value is None) == (operand.lower() == "null")
        wanted = [literal(o.strip(), parameters) for o in operand.split(",")]
        wanted = [w for item in wanted for w in (item if isinstance(item, list) else [item])]
        if operator == "like":
            return re.fullmatch(re.escape(wanted[0]).replace("%", ".*"), value or "") is not None
        return (value in wanted) == (operator in ("=", "in"))

    def run(self, world, user, gid, parameters):
        return [o for o in world.all(self.kind, user, gid) if self.matches(o, parameters)]

    def value(self, obj, expression):
        found = obj
        for name in self.path(re.sub(r"^distinct\s+", "", expression, flags=re.I)):
            found = getattr(found, name, None)
            if found is None:
                return None
        return found


def follow(obj, names):
    for name in names:
        obj = getattr(obj, name, None)
        if obj is None:
            return None
    return unwrap(obj)


def literal(text, parameters):
    if text.startswith(":"):
        if text[1:] not in parameters:
            raise omero.ApiUsageException(None, None, "parameter missing: " + text)
        return unwrap(parameters[text[1:]])
    return text[1:-1] if text[0] in "'\"" else int(text)
