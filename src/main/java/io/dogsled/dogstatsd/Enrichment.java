package io.dogsled.dogstatsd;

import io.dogsled.config.Config;
import io.dogsled.dogstatsd.mapper.MappedName;
import io.dogsled.dogstatsd.mapper.MetricMapper;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is done to a name and its tags, once per spelling, in the Agent's order (protocol.md §1.6, §1.7; Agent: enrich.go): mapping,
 * then reserved tags out, namespace in front, block list, then the tags that everything gets; last, a metric's own filter takes tags
 * off. Owned by the holder of the aggregator's lock.
 */
final class Enrichment implements Enricher {
    private final MetricMapper mapper;
    private final Text namespace;
    private final List<Text> namespaceExclusions;
    private final Set<Text> blockedNames;
    private final List<Text> blockedPrefixes;
    private final List<Text> extraTags;
    private final Map<Text, TagFilter> tagFilters;

    /** {@code mapper} is asked about every name; {@code tagFilters} are by final name. */
    Enrichment(Config.Dogstatsd config, MetricMapper mapper, Map<Text, TagFilter> tagFilters) {
        this.mapper = mapper;
        this.tagFilters = tagFilters;
        namespace = Text.of(config.namespace());
        namespaceExclusions = texts(config.namespaceExclusions());
        List<Text> blocked = texts(config.nameFilter().names());
        blockedNames = new HashSet<>(blocked);
        blockedPrefixes = config.nameFilter().matchPrefix() ? blocked : List.of();
        extraTags = texts(config.tags());
    }

    @Override
    public Context enrich(Sample sample) {
        Text name = Text.copyOf(sample.buffer, sample.nameStart, sample.nameEnd);
        MappedName mapped = map(name);
        if (mapped.isMapped()) {
            name = Text.of(mapped.name());
        }
        if (namespace.length() > 0 && !startsWithAny(name, namespaceExclusions)) {
            name = namespace.plus(name);
        }
        if (blockedNames.contains(name) || startsWithAny(name, blockedPrefixes)) {
            return BLOCKED;
        }
        List<Text> tags = tags(sample, mapped.tags());
        return new Context(sample.type, name, tagFilters.isEmpty() ? tags : filtered(sample.type, name, tags));
    }

    /** Only what adds up: of two gauges that become one, or of two histograms' maxima, one value would hide the other. */
    private List<Text> filtered(MetricType type, Text name, List<Text> tags) {
        TagFilter filter = tagFilters.get(name);
        if (filter == null || (type != MetricType.COUNT && type != MetricType.DISTRIBUTION)) {
            return tags;
        }
        List<Text> kept = new ArrayList<>(tags.size());
        for (Text tag : tags) {
            if (filter.keeps(tag)) {
                kept.add(tag);
            }
        }
        return kept;
    }

    @Override
    public List<Text> commonTags() {
        return extraTags;
    }

    /** A name that is not UTF-8 cannot be mapped: its bytes would not survive. */
    private MappedName map(Text name) {
        if (mapper.isEmpty()) {
            return MappedName.NONE;
        }
        String text = name.toString();
        return name.equals(Text.of(text)) ? mapper.map(text) : MappedName.NONE;
    }

    /** Sorted, unique, none empty, as {@link Context} wants them. */
    private List<Text> tags(Sample sample, List<String> mappedTags) {
        List<Text> tags = new ArrayList<>();
        int start = sample.tagsStart;
        while (start < sample.tagsEnd) {
            int end = Bytes.indexOf(sample.buffer, start, sample.tagsEnd, ',');
            if (end > start && !Tags.isReserved(sample.buffer, start, end, sample.hasCardinality)) {
                tags.add(Text.copyOf(sample.buffer, start, end));
            }
            start = end + 1;
        }
        for (String mappedTag : mappedTags) {
            byte[] tag = mappedTag.getBytes(StandardCharsets.UTF_8);
            if (!Tags.isReserved(tag, 0, tag.length, sample.hasCardinality)) {
                tags.add(Text.copyOf(tag, 0, tag.length));
            }
        }
        tags.addAll(extraTags);
        tags.sort(null);
        return unique(tags);
    }

    private static List<Text> unique(List<Text> sorted) {
        List<Text> unique = new ArrayList<>(sorted.size());
        for (Text tag : sorted) {
            if (unique.isEmpty() || !unique.getLast().equals(tag)) {
                unique.add(tag);
            }
        }
        return unique;
    }

    private static boolean startsWithAny(Text name, List<Text> prefixes) {
        for (Text prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static List<Text> texts(List<String> strings) {
        List<Text> texts = new ArrayList<>(strings.size());
        for (String string : strings) {
            if (!string.isEmpty()) {
                texts.add(Text.of(string));
            }
        }
        return texts;
    }
}
