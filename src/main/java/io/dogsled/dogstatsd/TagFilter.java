package io.dogsled.dogstatsd;

import io.dogsled.metrics.Text;
import java.util.HashSet;
import java.util.Set;

/**
 * Which tags of one metric stay (Agent: comp/filterlist/impl/tagmatcher.go). A rule names keys, the part of a tag before its
 * first colon, or the whole of a tag without one, and either takes these off or leaves these alone. Immutable.
 */
final class TagFilter {
    private final boolean excludes;
    private final Set<Text> keys;

    /** {@code excludes}: whether the tags of these keys go; otherwise all others go. */
    TagFilter(boolean excludes, Set<Text> keys) {
        this.excludes = excludes;
        this.keys = keys;
    }

    boolean keeps(Text tag) {
        int colon = Bytes.indexOf(tag.bytes(), 0, tag.length(), ':');
        return keys.contains(Text.copyOf(tag.bytes(), 0, colon)) != excludes;
    }

    /** Two rules for one metric: their keys together; where one takes tags off and one keeps tags, the first kind alone. */
    TagFilter and(TagFilter other) {
        if (excludes != other.excludes) {
            return excludes ? this : other;
        }
        Set<Text> both = new HashSet<>(keys);
        both.addAll(other.keys);
        return new TagFilter(excludes, both);
    }
}
