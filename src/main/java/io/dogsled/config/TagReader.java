package io.dogsled.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The tags that are added to everything: {@code DD_TAGS}, {@code DD_EXTRA_TAGS} and {@code DD_DOGSTATSD_TAGS}, then
 * {@code env}, {@code service} and {@code version}, each only where no tag of that key was given
 * (flush-and-testserver.md §3.3). Unlike the Go agent's Lambda build we keep a tag without a value, which is legal in
 * DogStatsD, and the case of letters.
 */
final class TagReader {
    private static final String WRAPPERS = "[]\"'";

    private final Settings settings;

    TagReader(Settings settings) {
        this.settings = settings;
    }

    /** Sorted, unique, unmodifiable. */
    List<String> read() {
        List<String> tags = new ArrayList<>();
        addAll(tags, "DD_TAGS");
        addAll(tags, "DD_EXTRA_TAGS");
        addAll(tags, "DD_DOGSTATSD_TAGS");
        addUnlessGiven(tags, "env:", settings.text("DD_ENV"));
        addUnlessGiven(tags, "service:", settings.text("DD_SERVICE"));
        addUnlessGiven(tags, "version:", settings.text("DD_VERSION"));
        Collections.sort(tags);
        return Collections.unmodifiableList(tags);
    }

    /** People write {@code [a:b,"c:d"]}, as in YAML (flush-and-testserver.md R34): meant is clear, so use it and say so. */
    private void addAll(List<String> tags, String variable) {
        for (String piece : settings.list(variable)) {
            String tag = unwrapped(piece);
            if (!tag.equals(piece)) {
                String used = tag.isEmpty() ? "nothing of it" : tag;
                settings.problem(variable, piece, "tags without brackets and quotes, such as team:a,tier:b", used);
            }
            if (!tag.isEmpty() && !tags.contains(tag)) {
                tags.add(tag);
            }
        }
    }

    private static void addUnlessGiven(List<String> tags, String key, String value) {
        if (value.isEmpty()) {
            return;
        }
        for (String tag : tags) {
            if (tag.startsWith(key)) {
                return;
            }
        }
        tags.add(key + value);
    }

    private static String unwrapped(String piece) {
        int start = 0;
        int end = piece.length();
        while (start < end && WRAPPERS.indexOf(piece.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && WRAPPERS.indexOf(piece.charAt(end - 1)) >= 0) {
            end--;
        }
        return piece.substring(start, end);
    }
}
