#!/usr/bin/env python
"""Writes src/connect/ice/schema/schema-data.ts: the interfaces of OMERO, Glacier2 and what they need of Ice, as data.

    python tools/extract-schema.py            write the file
    python tools/extract-schema.py --check    fail if the file differs from what would be written

Runs in a Python environment with omero-py. The modules that omero-py carries state every class, structure, exception,
enumeration, sequence, dictionary and operation by calls to `IcePy.define...` and `IcePy.Operation`; these calls are
recorded here while the modules are imported. The output depends on the version of omero-py only.

Of Ice and Glacier2, what OMERO's interfaces refer to is kept, with Glacier2's own interfaces and Ice's sequences.
Classes passed by value lose their operations: no server offers them (they are getters and setters of local objects).
"""
import glob
import importlib
import importlib.metadata
import inspect
import json
import os
import sys

import IcePy

OUTPUT = os.path.join(os.path.dirname(__file__), "..", "src", "connect", "ice", "schema", "schema-data.ts")
DEFINITIONS = {
    "defineClass": "class",
    "defineException": "exception",
    "defineStruct": "struct",
    "defineEnum": "enumeration",
    "defineSequence": "sequence",
    "defineDictionary": "dictionary",
}
BUILTINS = ("bool", "byte", "short", "int", "long", "float", "double", "string")
MODES = {"Normal": 0, "Nonmutating": 1, "Idempotent": 2}


class Recorder:
    """Records the calls by which generated modules define types and operations."""

    def __init__(self):
        self.definitions = {kind: {} for kind in DEFINITIONS.values()}
        self.operations = {}
        self.type_names = {}
        self.keep_alive = []
        for builtin in BUILTINS:
            self.name_type(getattr(IcePy, "_t_" + builtin), builtin)
        for function in DEFINITIONS:
            self.wrap(function, self.record_definition)
        for function in ("declareClass", "declareProxy", "defineProxy"):
            self.wrap(function, self.record_declaration)
        self.wrap("Operation", self.record_operation)

    def wrap(self, function, record):
        original = getattr(IcePy, function)

        def recorded(*args):
            result = original(*args)
            record(function, args, result)
            return result

        setattr(IcePy, function, recorded)

    def name_type(self, type_object, name):
        self.keep_alive.append(type_object)
        self.type_names[id(type_object)] = name

    def record_definition(self, function, args, result):
        self.definitions[DEFINITIONS[function]][args[0]] = args[1:]
        self.name_type(result, args[0])

    def record_declaration(self, function, args, result):
        self.name_type(result, args[0] if function == "declareClass" else args[0] + "*")

    def record_operation(self, _function, args, result):
        self.keep_alive.append(result)
        self.operations[id(result)] = args

    def name_of(self, type_object):
        return self.type_names[id(type_object)]


def import_everything():
    import Ice
    import Glacier2  # noqa: F401
    import omero.all  # noqa: F401

    directory = os.path.dirname(Ice.__file__)
    for pattern in ("omero_*_ice.py", "Glacier2_*_ice.py"):
        for path in sorted(glob.glob(os.path.join(directory, pattern))):
            importlib.import_module(os.path.basename(path)[: -len(".py")])
    return Ice


def slice_name(python_name):
    """Python keeps a leading underscore on protected members and on names that are words of the language."""
    return python_name.lstrip("_")


class Schema:
    """Turns what was recorded into plain data."""

    def __init__(self, recorder, proxy_classes):
        self.recorder = recorder
        self.definitions = recorder.definitions
        self.proxy_classes = proxy_classes
        self.kinds = {
            type_id: kind for kind, entries in self.definitions.items() for type_id in entries
        }

    def members(self, members):
        result = []
        for name, _metadata, member_type, *optional in members:
            if any(optional):
                raise ValueError("optional member " + name)
            result.append(slice_name(name) + " " + self.recorder.name_of(member_type))
        return result

    def enumeration(self, type_id):
        enumerators = self.definitions["enumeration"][type_id][2]
        if sorted(enumerators) != list(range(len(enumerators))):
            raise ValueError("enumeration with gaps: " + type_id)
        return [slice_name(enumerators[value].name) for value in sorted(enumerators)]

    def struct(self, type_id):
        return self.members(self.definitions["struct"][type_id][2])

    def sequence(self, type_id):
        return self.recorder.name_of(self.definitions["sequence"][type_id][1])

    def dictionary(self, type_id):
        _metadata, key, value = self.definitions["dictionary"][type_id]
        return [self.recorder.name_of(key), self.recorder.name_of(value)]

    def exception(self, type_id):
        _class, _metadata, _preserve, base, members = self.definitions["exception"][type_id]
        return self.derived(base, members)

    def class_(self, type_id):
        base, members = self.definitions["class"][type_id][5], self.definitions["class"][type_id][7]
        return self.derived(base, members)

    def derived(self, base, members):
        result = {}
        if base is not None:
            result["base"] = self.recorder.name_of(base)
        if members:
            result["members"] = self.members(members)
        return result

    def service(self, type_id):
        python_class, interfaces = self.definitions["class"][type_id][0], self.definitions["class"][type_id][6]
        operations = {}
        for attribute, value in vars(python_class).items():
            if id(value) in self.recorder.operations:
                operation = self.recorder.operations[id(value)]
                operations[operation[0]] = self.operation(type_id, operation)
        result = {}
        if interfaces:
            result["bases"] = [self.recorder.name_of(base) for base in interfaces]
        if operations:
            result["operations"] = operations
        return result

    def operation(self, type_id, recorded):
        name, _mode, send_mode, _amd, _format, _metadata, parameters, out, returned, exceptions = recorded
        for _metadata, _type, optional, _tag in (*parameters, *out, *([returned] if returned else [])):
            if optional:
                raise ValueError("optional parameter of " + type_id + "." + name)
        names = self.parameter_names(type_id, name)
        if len(names) != len(parameters):
            raise ValueError("parameters of " + type_id + "." + name)
        return [
            MODES[send_mode.name],
            self.recorder.name_of(returned[1]) if returned else "void",
            [n + " " + self.recorder.name_of(p[1]) for n, p in zip(names, parameters)],
            [self.recorder.name_of(p[1]) for p in out],
            [self.recorder.name_of(exception) for exception in exceptions],
        ]

    def parameter_names(self, type_id, operation):
        proxy_class = self.proxy_classes[type_id]
        method = getattr(proxy_class, operation, None) or getattr(proxy_class, "_" + operation)
        try:
            names = list(inspect.signature(method).parameters)
        except ValueError:
            # Only the built-in operations of ::Ice::Object are not written in Python.
            return {"ice_isA": ["id"]}.get(operation, [])
        return [slice_name(name) for name in names if name not in ("self", "_ctx")]

    def is_service(self, type_id):
        """A class that is reached through proxies and never passed by value."""
        recorded = self.definitions["class"][type_id]
        if type_id == "::Ice::Object":
            return True
        if recorded[5] is not None or recorded[7] or type_id in self.passed_by_value:
            return False
        has_operations = any(id(value) in self.recorder.operations for value in vars(recorded[0]).values())
        return has_operations or type_id in self.inherited_interfaces

    def find_roles(self):
        self.passed_by_value, self.inherited_interfaces = set(), set()
        name_of = self.recorder.name_of
        for recorded in self.definitions["class"].values():
            if recorded[5] is not None:
                self.passed_by_value.add(name_of(recorded[5]))
            self.inherited_interfaces.update(name_of(interface) for interface in recorded[6])
            self.passed_by_value.update(name_of(member[2]) for member in recorded[7])
        for kind, members_at in (("struct", 2), ("exception", 4)):
            for recorded in self.definitions[kind].values():
                self.passed_by_value.update(name_of(member[2]) for member in recorded[members_at])
        for recorded in self.definitions["sequence"].values():
            self.passed_by_value.add(name_of(recorded[1]))
        for recorded in self.definitions["dictionary"].values():
            self.passed_by_value.update((name_of(recorded[1]), name_of(recorded[2])))
        for recorded in self.recorder.operations.values():
            values = (*recorded[6], *recorded[7], *([recorded[8]] if recorded[8] else []))
            self.passed_by_value.update(name_of(value[1]) for value in values)

    def describe(self, type_id):
        """The section of the file that `type_id` belongs to, and its description."""
        kind = self.kinds[type_id]
        if kind == "class":
            return ("services", self.service(type_id)) if self.is_service(type_id) else ("classes", self.class_(type_id))
        section = {"dictionary": "dictionaries"}.get(kind, kind + "s")
        return section, getattr(self, kind)(type_id)

    def collect(self, roots):
        """Every root and everything it refers to, by section."""
        self.find_roles()
        sections = {
            name: {}
            for name in ("enumerations", "structs", "sequences", "dictionaries", "exceptions", "classes", "services")
        }
        pending, seen = list(roots), set()
        while pending:
            type_id = pending.pop()
            if type_id in seen or type_id not in self.kinds:
                continue
            seen.add(type_id)
            section, description = self.describe(type_id)
            sections[section][type_id] = description
            pending.extend(references(description))
        return {name: dict(sorted(entries.items())) for name, entries in sections.items()}


def references(description):
    """The type ids mentioned anywhere in a description."""
    if isinstance(description, str):
        last = description.rsplit(" ", 1)[-1].rstrip("*")
        return [last] if last.startswith("::") else []
    if isinstance(description, dict):
        description = description.values()
    if isinstance(description, (list, type({}.values()))):
        return [found for item in description for found in references(item)]
    return []


def find_proxy_classes(modules):
    """Slice id -> the Python class of its proxies, whose methods carry the parameters' names."""
    found = {}
    for module in modules:
        for name, value in vars(module).items():
            if name.endswith("Prx") and inspect.isclass(value) and hasattr(value, "ice_staticId"):
                found[value.ice_staticId()] = value
    return found


def is_root(type_id):
    return type_id.startswith(("::omero::", "::Glacier2::")) or type_id in (
        "::Ice::Object",
        "::Ice::Identity",
        *("::Ice::%sSeq" % name for name in ("Bool", "Byte", "Short", "Int", "Long", "Float", "Double", "String")),
    )


def render(source, sections):
    """JSON with a definition a line, in a template literal: it is parsed when first needed, not when imported."""
    lines = ['{"source":%s' % json.dumps(source)]
    for section, entries in sections.items():
        body = ",\n".join(
            "%s:%s" % (json.dumps(key), json.dumps(value, separators=(",", ":"))) for key, value in entries.items()
        )
        lines.append(',"%s":{\n%s\n}' % (section, body))
    text = "".join(lines) + "}"
    json.loads(text)
    if "`" in text or "\\" in text or "${" in text:
        raise ValueError("the schema cannot stand in a template literal as it is")
    return (
        "// Made by tools/extract-schema.py. Do not edit.\n\n"
        "/** The interfaces of OMERO as JSON; {@link loadSchema} in schema.ts reads it. */\n"
        "export const SCHEMA_JSON: string = `%s`;\n" % text
    )


def main():
    recorder = Recorder()
    ice = import_everything()
    modules = [module for name, module in sorted(sys.modules.items()) if name.split(".")[0] in ("Ice", "Glacier2", "omero")]
    schema = Schema(recorder, find_proxy_classes(modules))
    roots = [type_id for type_id in schema.kinds if is_root(type_id)]
    source = "omero-py %s, Ice %s" % (importlib.metadata.version("omero-py"), ice.stringVersion())
    sections = schema.collect(roots)
    text = render(source, sections)
    if "--check" in sys.argv[1:]:
        with open(OUTPUT, encoding="utf-8") as current:
            if current.read() != text:
                sys.exit("schema-data.ts differs from what omero-py states; run tools/extract-schema.py")
        print("schema-data.ts is up to date")
        return
    with open(OUTPUT, "w", encoding="utf-8") as output:
        output.write(text)
    print("%d bytes: %s" % (len(text), ", ".join("%d %s" % (len(v), k) for k, v in sections.items())))


if __name__ == "__main__":
    main()
