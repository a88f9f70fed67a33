package io.dogsled.dogstatsd.mapper;

import io.dogsled.base.Instruments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Maps names by profiles. The first profile whose prefix fits decides alone: if none of its mappings match, no later profile is
 * asked; within it the first match wins. Answers, also "no", are remembered for the names asked for last. Owned by one thread or lock.
 */
public final class MetricMapper {
    private final List<Profile> profiles;
    private final NameCache cache;

    private MetricMapper(List<Profile> profiles, int cacheSize) {
        this.profiles = profiles;
        this.cache = new NameCache(cacheSize, NameCache.MOST_BYTES);
    }

    /**
     * Reads and checks profiles.
     *
     * @param json an array of profiles; {@code ""} = none
     * @param cacheSize how many names are remembered, at least 1, if they fit into 4 MiB
     * @throws MapperException if anything of it cannot be used; the first fault is named
     */
    public static MetricMapper parse(String json, int cacheSize, Instruments instruments) throws MapperException {
        if (cacheSize < 1) {
            throw new MapperException("the cache must hold at least one name");
        }
        List<Profile> profiles = new ArrayList<>();
        if (!json.isEmpty()) {
            for (MappingProfile profile : ProfileReader.read(json)) {
                profiles.add(compile(profile, profiles.size(), instruments));
            }
        }
        return new MetricMapper(profiles, cacheSize);
    }

    /** A mapper that maps nothing. */
    public static MetricMapper none() {
        return new MetricMapper(List.of(), 1);
    }

    /** Whether there is nothing to ask. */
    public boolean isEmpty() {
        return profiles.isEmpty();
    }

    /** What the name becomes; {@link MappedName#NONE} if it stays. */
    public MappedName map(String name) {
        MappedName known = cache.get(name);
        if (known != null) {
            return known;
        }
        MappedName found = find(name);
        cache.put(name, found);
        return found;
    }

    private MappedName find(String name) {
        for (Profile profile : profiles) {
            if (profile.prefix.equals("*") || name.startsWith(profile.prefix)) {
                return profile.map(name);
            }
        }
        return MappedName.NONE;
    }

    private static Profile compile(MappingProfile profile, int index, Instruments instruments) throws MapperException {
        if (profile.name().isEmpty()) {
            throw new MapperException("missing profile name " + index);
        }
        if (profile.prefix().isEmpty()) {
            throw new MapperException("missing prefix for profile: " + profile.name());
        }
        List<Rule> rules = new ArrayList<>();
        for (MappingProfile.Mapping mapping : profile.mappings()) {
            String where = "profile: " + profile.name() + ", mapping num " + rules.size() + ": ";
            try {
                rules.add(new Rule(pattern(mapping, instruments), mapping.name(), mapping.tags()));
            } catch (MapperException e) {
                throw new MapperException(where + e.getMessage());
            }
        }
        return new Profile(profile.prefix(), rules);
    }

    private static NamePattern pattern(MappingProfile.Mapping mapping, Instruments instruments) throws MapperException {
        boolean regex = mapping.matchType().equals("regex");
        if (!regex && !mapping.matchType().isEmpty() && !mapping.matchType().equals("wildcard")) {
            throw new MapperException("invalid match type, must be `wildcard` or `regex`");
        }
        if (mapping.name().isEmpty()) {
            throw new MapperException("name is required");
        }
        if (mapping.match().isEmpty()) {
            throw new MapperException("match is required");
        }
        return regex ? RegexPattern.compile(mapping.match(), instruments) : WildcardPattern.compile(mapping.match());
    }

    private record Rule(NamePattern pattern, String name, Map<String, String> tags) {
        MappedName map(Captures captures) {
            List<String> expanded = new ArrayList<>();
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                expanded.add(tag.getKey() + ":" + captures.expand(tag.getValue()));
            }
            return new MappedName(captures.expand(name), List.copyOf(expanded));
        }
    }

    private record Profile(String prefix, List<Rule> rules) {
        MappedName map(String metric) {
            for (Rule rule : rules) {
                Captures captures = rule.pattern.match(metric);
                if (captures.isMatch()) {
                    return rule.map(captures);
                }
            }
            return MappedName.NONE;
        }
    }
}
