package io.dogsled.metrics;

import java.util.List;

/**
 * What makes two samples the same metric: type, final name, and the sorted set of tags (protocol.md §2.3; the type is
 * part of the key by architecture.md, so a counter and a gauge of one name live side by side). Immutable.
 */
public final class Context {
    private final MetricType type;
    private final Text name;
    private final List<Text> tags;
    private final int hash;

    /**
     * @param name after mapping and namespace
     * @param tags sorted by {@link Text#compareTo}, unique, none empty; handed over, not copied
     */
    public Context(MetricType type, Text name, List<Text> tags) {
        this.type = type;
        this.name = name;
        this.tags = tags;
        this.hash = (type.ordinal() * 31 + name.hashCode()) * 31 + tags.hashCode();
    }

    public MetricType type() {
        return type;
    }

    public Text name() {
        return name;
    }

    /** Sorted, unique, none empty. */
    public List<Text> tags() {
        return tags;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Context that
                && hash == that.hash
                && type == that.type
                && name.equals(that.name)
                && tags.equals(that.tags);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return type.wire() + " " + name + " " + tags;
    }
}
