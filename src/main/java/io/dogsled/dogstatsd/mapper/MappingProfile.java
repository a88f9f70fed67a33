package io.dogsled.dogstatsd.mapper;

import java.util.List;
import java.util.Map;

/**
 * One profile as it was written; {@code ""} for what was left out.
 *
 * @param prefix of the names it is for, or {@code *} for all
 */
record MappingProfile(String name, String prefix, List<Mapping> mappings) {
    /**
     * One mapping of a profile.
     *
     * @param matchType {@code wildcard}, {@code regex} or {@code ""}
     * @param tags key → template
     */
    record Mapping(String match, String matchType, String name, Map<String, String> tags) {}
}
