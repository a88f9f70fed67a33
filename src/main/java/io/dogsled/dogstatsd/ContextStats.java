package io.dogsled.dogstatsd;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.OncePerMinute;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Debug statistics: how many samples came of each context, and when the last one did (flush-and-testserver.md ST11; Agent:
 * comp/dogstatsd/serverDebug). Names and tags are those under which the metrics leave: mapped, with namespace and added tags. Names
 * on the block list are not in it.
 *
 * <p>Bounded: {@value #MAX_CONTEXTS} contexts and {@value #MAX_TEXT} bytes of text; samples of contexts that do not fit are counted as
 * {@link Counter#STATS_FULL}. Spellings are forgotten all at once when there are too many, and learned again.
 *
 * <p>Any thread; everything is under one lock, which is held for a sample at a time.
 */
final class ContextStats {
    static final int MAX_CONTEXTS = 2_000;
    static final int MAX_TEXT = 1 << 20;
    private static final int MAX_SPELLINGS = 4 * MAX_CONTEXTS;
    private static final long MS_PER_S = 1_000;

    private final Enricher enricher;
    private final Instruments instruments;
    private final SecondCounts seconds = new SecondCounts(); // all fields from here on are guarded by this
    private final OncePerMinute minute = new OncePerMinute();
    private final Map<Text, ContextStat> bySpelling = new HashMap<>();
    private final Map<Context, ContextStat> byContext = new HashMap<>();
    private int spellingText;
    private int contextText;
    private long full;

    /** {@code enricher}: nobody else's, since it keeps a cache without a lock. */
    ContextStats(Enricher enricher, Instruments instruments) {
        this.enricher = enricher;
        this.instruments = instruments;
    }

    /** Counts a sample that came at {@code nowMs}, wall clock. */
    synchronized void count(Sample sample, long nowMs) {
        advance(nowMs);
        seconds.add(sample.sampleCount());
        ContextStat stat = stat(sample);
        if (stat == ContextStat.NO_ROOM) {
            full += sample.sampleCount();
            instruments.counters().add(Counter.STATS_FULL, sample.sampleCount());
        } else if (stat != ContextStat.BLOCKED) {
            stat.seen(sample.sampleCount(), nowMs);
        }
    }

    /** All contexts, those with most samples first. Copies. */
    synchronized List<ContextStat> byCount() {
        List<ContextStat> all = new ArrayList<>(byContext.size());
        for (ContextStat stat : byContext.values()) {
            all.add(stat.copy());
        }
        all.sort(new MostFirst());
        return all;
    }

    /** Samples in each of the last five seconds, the current one last. */
    synchronized long[] perSecond(long nowMs) {
        advance(nowMs);
        return seconds.counts();
    }

    /** Samples of contexts that there was no room for. */
    synchronized long full() {
        return full;
    }

    private void advance(long nowMs) {
        if (!seconds.advance(Math.floorDiv(nowMs, MS_PER_S)) || !minute.isDue(nowMs)) {
            return;
        }
        instruments
                .log()
                .warn("a burst of metrics: " + seconds.spike() + " samples in one second, more than in the four seconds"
                        + " before it together; GET /dogstatsd-stats shows which");
    }

    private ContextStat stat(Sample sample) {
        Text spelling = spelling(sample);
        ContextStat known = bySpelling.get(spelling);
        if (known != null) {
            return known;
        }
        Context context = enricher.enrich(sample);
        @SuppressWarnings("ReferenceEquality") // BLOCKED is one object, not a value
        ContextStat stat = context == Enricher.BLOCKED ? ContextStat.BLOCKED : statOf(context);
        if (stat != ContextStat.NO_ROOM) {
            remember(spelling, stat);
        }
        return stat;
    }

    private ContextStat statOf(Context context) {
        ContextStat known = byContext.get(context);
        if (known != null) {
            return known;
        }
        int text = textOf(context);
        if (byContext.size() == MAX_CONTEXTS || contextText + text > MAX_TEXT) {
            return ContextStat.NO_ROOM;
        }
        ContextStat stat = new ContextStat(context);
        byContext.put(context, stat);
        contextText += text;
        return stat;
    }

    private void remember(Text spelling, ContextStat stat) {
        if (bySpelling.size() == MAX_SPELLINGS || spellingText + spelling.length() > MAX_TEXT) {
            bySpelling.clear();
            spellingText = 0;
        }
        if (spelling.length() <= MAX_TEXT) {
            bySpelling.put(spelling, stat);
            spellingText += spelling.length();
        }
    }

    /** Type, name and tags as they were written; a control character cannot be part of them by accident. */
    private static Text spelling(Sample sample) {
        byte[] head = {(byte) sample.type.ordinal(), (byte) (sample.hasCardinality ? 1 : 0)};
        return Text.copyOf(head, 0, head.length)
                .plus(Text.copyOf(sample.buffer, sample.nameStart, sample.nameEnd))
                .plus(Text.of("\n"))
                .plus(Text.copyOf(sample.buffer, sample.tagsStart, sample.tagsEnd));
    }

    private static int textOf(Context context) {
        int length = context.name().length();
        for (Text tag : context.tags()) {
            length += tag.length();
        }
        return length;
    }

    private static final class MostFirst implements Comparator<ContextStat> {
        @Override
        public int compare(ContextStat left, ContextStat right) {
            int byCount = Long.compare(right.count(), left.count());
            if (byCount != 0) {
                return byCount;
            }
            int byName = left.context().name().compareTo(right.context().name());
            return byName != 0
                    ? byName
                    : left.context().type().compareTo(right.context().type());
        }
    }
}
