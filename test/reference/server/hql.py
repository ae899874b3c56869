"""The part of HQL that table clients send: one class, comparisons, membership tests, subqueries, max, named parameters."""
import operator
import re

import omero
from omero.rtypes import unwrap

QUERY = re.compile(
    r"^\s*(?:select\s+(?P<select>.+?)\s+)?from\s+(?P<kind>[\w.]+)\s+(?:as\s+)?(?P<alias>\w+)?(?P<rest>.*)$", re.I | re.S)


JOIN = re.compile(
    r"\b(left\s+(?:outer\s+)?)?(?:inner\s+)?join\s+(fetch\s+)?([\w.]+)(?:\s+(?:as\s+)?(?!fetch\b|left\b|inner\b|join\b)(\w+))?", re.I)
ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class Query:
    def __init__(self, text):
        match = QUERY.match(text.strip())
        if match is None:
            raise omero.QueryException(None, None, "query not understood: " + text)
        self.text = text
        self.kind = match["kind"].split(".")[-1]
        self.alias = match["alias"] or "obj"
        rest = match["rest"] or ""
        where = re.search(r"\bwhere\b(.*?)(?:\border\s+by\b.*)?$", rest, re.I | re.S)
        self.joins = [Join(*match) for match in JOIN.findall(re.split(r"\bwhere\b|\border\s+by\b", rest, flags=re.I)[0])]
        self.conditions = conjuncts(where[1]) if where else []
        select = re.sub(r"^distinct\s+", "", match["select"] or self.alias, flags=re.I)
        self.is_distinct = select != (match["select"] or self.alias)
        self.select = [s.strip() for s in select.split(",")]

    def run(self, world, user, gid, parameters):
        """What each alias stands for, in each row."""
        check_parameters(self.text, parameters)

        def select(text):
            query = Query(text)
            return [unwrap(query.value(row, query.select[0])) for row in query.run(world, user, gid, parameters)]
        self.find = lambda obj: world.find(obj.__class__.__name__[:-1], obj.id.val, user, -1)
        rows = [{self.alias: obj} for obj in world.all(self.kind, user, gid)]
        for join in self.joins:
            rows = [joined for row in rows for joined in join.of(row, self.follow(row, join.path))]
        found = [row for row in rows if all(self.holds(row, c, parameters, select) for c in self.conditions)]
        return self.distinct(found) if self.is_distinct else found

    def distinct(self, rows):
        """Of rows that show the same, the first."""
        shown = {}
        for row in rows:
            values = [self.value(row, s) for s in self.select]
            shown.setdefault(tuple((type(v).__name__, unwrap(getattr(v, "id", v))) for v in values), row)
        return list(shown.values())

    def follow(self, row, expression):
        """The object, value or list that a path leads to, from one of the aliases or, without one, from the object."""
        head, *names = expression.split(".")
        obj = row[head] if head in row else row[self.alias]
        return follow(obj, names if head in row else [head, *names], self.find)

    def holds(self, row, condition, parameters, select):
        match = re.match(r"^([\w.]+)\s*(=|!=|<>|>=?|<=?|not\s+in\b|in\b|like\b|is\b)\s*(.+)$", unbracketed(condition), re.I | re.S)
        if match is None:
            raise omero.ApiUsageException(None, None, "condition not understood: " + condition)
        value = unwrap(self.follow(row, match[1]))
        sign, operand = match[2].lower().split()[0], unbracketed(match[3])
        if sign == "is":
            return (value is None) == (operand.lower() == "null")
        if re.match(r"select\b", operand, re.I):
            wanted = select(operand)
        else:
            wanted = [literal(o.strip(), parameters) for o in operand.split(",")]
            wanted = [w for item in wanted for w in (item if isinstance(item, list) else [item])]
        if sign in ORDER:
            return value is not None and ORDER[sign](value, wanted[0])
        if sign == "like":
            return re.fullmatch(re.escape(wanted[0]).replace("%", ".*"), value or "") is not None
        return (value in wanted) == (sign in ("=", "in"))

    def rows(self, found):
        """What is selected of the objects found: a row each, or one of greatest values."""
        greatest = [re.fullmatch(r"max\s*\((.+)\)", s, re.I | re.S) for s in self.select]
        if not all(greatest):
            return [[self.value(o, s) for s in self.select] for o in found]
        values = [[self.value(o, match[1]) for o in found] for match in greatest]
        return [[max((v for v in column if v is not None), key=unwrap, default=None) for column in values]]

    def value(self, row, expression):
        return self.follow(row, re.sub(r"^distinct\s+", "", expression, flags=re.I))


class Join:
    """Fetching joins only say what is to be loaded with an object, which here is whole."""

    def __init__(self, left, fetch, path, alias):
        self.is_needed, self.path, self.alias = not (left or fetch), path, alias

    def of(self, row, found):
        """The rows that a row becomes, by what its path leads to."""
        items = found if isinstance(found, list) else [] if found is None else [found]
        if not self.is_needed:
            items = items[:1] or [None]
        return [{**row, self.alias: item} for item in items]


def check_parameters(text, parameters):
    """All that are named must be there, and lists to look in hold something."""
    for name in re.findall(r":(\w+)", text):
        if name not in parameters:
            raise omero.ApiUsageException(None, None, "parameter missing: " + name)
        if unwrap(parameters[name]) == []:
            raise omero.ApiUsageException(None, None, "empty list: " + name)


def conjuncts(text):
    """The conditions that `and` joins outside brackets."""
    parts, depth = [""], 0
    for piece in re.split(r"(\band\b|[()])", text, flags=re.I):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece.lower() == "and" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def unbracketed(text):
    """The text without brackets that enclose all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and ")" not in text[1:-1].split("(")[0]:
        text = text[1:-1].strip()
    return text


def follow(obj, names, find):
    for name in names:
        if obj is not None and hasattr(obj, "isLoaded") and not obj.isLoaded() and name != "id":
            obj = find(obj)
        items = getattr(obj, "_%sSeq" % name, None)
        obj = getattr(obj, name, None) if items is None else list(items)
        if obj is None:
            return None
    return obj


def literal(text, parameters):
    if text.startswith(":"):
        if text[1:] not in parameters:
            raise omero.ApiUsageException(None, None, "parameter missing: " + text)
        return unwrap(parameters[text[1:]])
    return text[1:-1] if text[0] in "'\"" else int(text)
