"""compare.py emitted.json view-url log: is what the test server shows exactly what the guest says it emitted, and does the
extension's ledger balance? Prints every difference; the status is 1 if there is one.

Shares nothing with the extension: this is DogStatsD's arithmetic once more, for a handful of samples in one bucket."""
import json
import re
import statistics
import sys
import urllib.request

def key(name, tags):
    return name, tuple(sorted(set(tags)))


def expected(notes):
    """What an intake must show: {kind: {(name, tags): value}}, values as in shown()."""
    want = {"counts": {}, "gauges": {}, "sketches": {}, "telemetry": {}, "events": [], "checks": []}
    values = {}
    for note in notes:
        context = key(note["name"], note["tags"])
        weighted = 1 / note["rate"]
        if note["type"] == "count":
            total = want["counts"].get(context, (0, None))[0] + note["value"] * weighted
            want["counts"][context] = (total, note.get("at"))
        elif note["type"] == "gauge":
            want["gauges"][context] = (note["value"], note.get("at"))
        elif note["type"] == "telemetry":
            want["telemetry"][note["name"]] = note["value"]
        elif note["type"] in ("event", "check"):
            want[note["type"] + "s"].append(note)
        else:
            values.setdefault((note["type"], context), []).extend([note["value"]] * round(weighted))
    loose = {key(note["name"], note["tags"]) for note in notes if note.get("loose")}
    for (kind, (name, tags)), all_of_it in values.items():
        aggregate(want, kind, name, tags, all_of_it, (name, tags) in loose)
    return want


def aggregate(want, kind, name, tags, values, loose):
    if kind == "set":
        want["gauges"][name, tags] = (len(set(values)), None)
    elif kind == "distribution":
        want["sketches"][name, tags] = (len(values),) if loose else (len(values), sum(values), min(values), max(values))
    else:
        values = sorted(values)
        median, late = values[(len(values) - 1) // 2], values[(95 * len(values) - 1) // 100]  # as the Agent picks them
        want["counts"][name + ".count", tags] = (len(values), None)
        for suffix, value in ((".avg", statistics.fmean(values)), (".max", values[-1]),
                              (".median", median), (".95percentile", late)):
            want["gauges"][name + suffix, tags] = (None if loose else value, None)


def shown(view):
    got = {"counts": {}, "gauges": {}, "sketches": {}, "telemetry": {}, "events": view["events"], "checks": view["checks"]}
    for kind in ("counts", "gauges"):
        for scalar in view[kind]:
            name, tags = scalar["context"]["metric"], scalar["context"]["tags"]
            if name.startswith("datadog.dogstatsd.client."):
                got["telemetry"][name] = got["telemetry"].get(name, 0) + sum(scalar["points"].values())
            elif not name.startswith(("aws.lambda.", "datadog.dogsled.")):
                (at, value), *others = scalar["points"].items()
                got[kind][key(name, tags)] = (value, int(at)) if not others else ("several points", scalar["points"])
    for sketch in view["sketches"]:
        (point,) = sketch["points"].values()
        context = key(sketch["context"]["metric"], sketch["context"]["tags"])
        got["sketches"][context] = tuple(point[field] for field in ("cnt", "sum", "min", "max"))
    return got


def same(want, got):
    """None stands for any value; a timestamp counts where the guest gave one."""
    return len(want) <= len(got) and all(
        w is None or w == g or (not isinstance(g, str) and abs(w - g) <= 1e-9 * max(1, abs(w))) for w, g in zip(want, got))


def differences(want, got):
    for kind in ("counts", "gauges", "sketches"):
        for context in sorted(want[kind].keys() | got[kind].keys()):
            w, g = want[kind].get(context), got[kind].get(context)
            if w is None or g is None or not same(w, g):
                yield "%s %s: emitted %s, arrived %s" % (kind, context, w, g)
    for name, value in want["telemetry"].items():
        if got["telemetry"].get(name) != value:
            yield "%s: emitted %s, arrived %s" % (name, value, got["telemetry"].get(name))
    yield from listed("events", "title", "text", want, got)
    yield from listed("checks", "name", "status", want, got)


def listed(kind, name, value, want, got):
    """Events and checks, each with every field that the guest gave."""
    left = list(got[kind])
    for note in want[kind]:
        fields = {k: v for k, v in note.items() if k not in ("type", "rate", "samples", "name", "value", "tags")}
        fields.update({name: note["name"], value: note["value"]})
        match = next((one for one in left if all(one[k] == v for k, v in fields.items())
                      and sorted(one["tags"]) == sorted(note["tags"])), None)
        if match is None:
            yield "%s: emitted %s %s, arrived %s" % (kind, fields, note["tags"], left)
        else:
            left.remove(match)
    for one in left:
        yield "%s: nobody emitted %s" % (kind, one)


def main(emitted, view_url, log):
    with open(emitted, encoding="utf-8") as file:
        notes = json.load(file)
    view = json.load(urllib.request.urlopen(view_url))
    found = list(differences(expected(notes), shown(view))) + view["problems"] + view["rates"]
    samples = sum(note.get("samples", 1) for note in notes)
    with open(log, encoding="utf-8") as file:
        text = file.read()
    if not re.search(r"^  balances: %d = %d delivered \+ 0 held \+ 0 lost$" % (samples, samples), text, re.M):
        found.append("the ledger does not show %d samples, all delivered:\n%s" % (samples, text[text.find("Ledger"):]))
    print("\n".join(found) or "%d samples, all arrived as emitted" % samples)
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
