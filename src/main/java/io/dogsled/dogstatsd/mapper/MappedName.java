package io.dogsled.dogstatsd.mapper;

import java.util.List;

/**
 * What a name was mapped to.
 *
 * @param tags {@code key:value}, to follow the client's own
 */
public record MappedName(String name, List<String> tags) {
    /** No mapping matched: the metric stays as it is. */
    public static final MappedName NONE = new MappedName("", List.of());

    /** Whether a mapping matched and gave a name; an empty one is none. */
    public boolean isMapped() {
        return !name.isEmpty();
    }
}
