#!/usr/bin/env python3
"""What a developer would write in an afternoon: the bar for the benchmark.

Reads tables, views and data entities with ElementTree, links elements over their data sources (marking what is
read-only behind an outer join), walks back from one table to the entities that show it, and prints DOT.

usage: script.py ROOT TABLE
"""

import os
import sys
import xml.etree.ElementTree as ElementTree

KINDS = {"AxTable", "AxView", "AxDataEntityView"}


def metadata_files(root):
    for folder, folders, names in os.walk(root):
        folders.sort()
        if os.path.basename(folder) in KINDS:
            for name in sorted(names):
                if name.endswith(".xml"):
                    yield os.path.join(folder, name)


def data_sources(element, used):
    """(target, never sent) of the data sources below an element, nested ones included."""
    for source in element.iter():
        if source.tag.startswith("AxQuerySimple") and source.tag.endswith("DataSource"):
            target = source.findtext("Table")
            hidden = source.findtext("JoinMode") == "OuterJoin" and source.findtext("IsReadOnly") == "Yes"
            if target:
                used.append((target, hidden))


def load(root):
    kinds, columns, edges = {}, {}, {}
    for path in metadata_files(root):
        element = ElementTree.parse(path).getroot()
        name = element.findtext("Name")
        kinds[name] = element.tag
        fields = element.find("Fields")
        columns[name] = [field.findtext("Name") for field in fields] if fields is not None else []
        if element.tag != "AxTable":
            used = []
            data_sources(element, used)
            edges[name] = used
    return kinds, columns, edges


def users_of(edges, table):
    """Everything that shows the table, directly or through other elements."""
    users = {}
    for user, used in edges.items():
        for target, hidden in used:
            users.setdefault(target, []).append((user, hidden))
    seen, todo, found = {table}, [table], []
    while todo:
        target = todo.pop()
        for user, hidden in users.get(target, []):
            found.append((user, target, hidden))
            if user not in seen:
                seen.add(user)
                todo.append(user)
    return found


def main():
    root, table = sys.argv[1:3]
    kinds, columns, edges = load(root)
    print("digraph impact {")
    for user, target, hidden in users_of(edges, table):
        style = " [style=dashed]" if hidden else ""
        print(f'  "{target}" -> "{user}"{style};')
    print("}")
    fields = sum(len(names) for names in columns.values())
    print(f"{len(kinds)} elements, {fields} fields", file=sys.stderr)


if __name__ == "__main__":
    main()
