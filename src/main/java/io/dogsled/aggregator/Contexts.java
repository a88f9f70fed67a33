package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a sample to the slot of its context. Every spelling of one context, tags in any order, leads to one slot.
 *
 * <p>Past the limit a new context folds into one for its type and metric name, with the tags that everything gets and
 * {@link #OVERFLOW_TAG}: no value is lost, and a person sees why its own tags are gone. When even those are too many, it folds into the last one of its type,
 * {@link #LAST_NAME}.
 */
final class Contexts {
    static final Text OVERFLOW_TAG = Text.of("dogsled_overflow:true");

    static final Text LAST_NAME = Text.of("dogsled.overflow");

    /** What a spelling takes beside its bytes. */
    private static final int SPELLING = 56;

    private final Enricher enricher;
    private final CellMaker cells;
    private final Room room;
    private final Text mark;
    private final Spellings spellings;
    private final Map<Context, Slot> byContext = new HashMap<>();
    private final List<Slot> slots = new ArrayList<>();

    private final long spelledLimit;
    private long spelledBytes;
    private @Nullable TagKeys tagKeys;

    /** Made with the first context, as the keys are: neither is needed before the engine is ready. */
    private @Nullable Texts texts;

    private boolean overflowed;
    private boolean namesOverflowed;

    /** @param mark a tag for the last contexts, so that those of two pipelines differ; {@link Text#EMPTY} = none */
    Contexts(Enricher enricher, CellMaker cells, Shared shared, Text mark) {
        this.enricher = enricher;
        this.cells = cells;
        this.room = shared.room();
        this.spelledLimit = shared.limits().spelledBytes();
        this.mark = mark;
        this.spellings = new Spellings(shared.limits().spellings());
    }

    /** The slot of a sample, or {@link Slot#BLOCKED}. */
    Slot slot(Sample sample) {
        Spelling known = spellings.find(sample);
        return known != null && !known.slot.isExpired() ? known.slot : learn(sample, known);
    }

    /** The number of contexts. */
    int size() {
        return slots.size();
    }

    /** The number of lines known by their bytes. */
    int spellings() {
        return spellings.size();
    }

    /** How many steps {@link #sweep} has. */
    int sweepSteps() {
        return Math.max(slots.size(), spellings.places());
    }

    /**
     * Forgets contexts that hold nothing and were not seen for {@link Aggregator#IDLE_S}, and cells that are done, among some of them.
     *
     * @return how many cells went
     */
    int sweep(int from, int to, long nowS) {
        long keepS = room.keepS();
        int dropped = 0;
        for (int i = Math.min(to, slots.size()) - 1; i >= from; i--) {
            Slot slot = slots.get(i);
            dropped += slot.dropDone(nowS, keepS, room);
            if (slot.expire(nowS)) {
                byContext.remove(slot.context);
                room.giveContext(slot.context);
                Slot last = slots.removeLast();
                if (last != slot) {
                    slots.set(i, last);
                }
            }
        }
        spellings.sweep(from, to);
        return dropped;
    }

    /** Whether a context stands for others, past a limit. */
    @SuppressWarnings("ReferenceEquality") // a client may send the same tag
    static boolean isOverflow(Context context) {
        for (Text tag : context.tags()) {
            if (tag == OVERFLOW_TAG) {
                return true;
            }
        }
        return false;
    }

    /** Whether contexts were folded since {@link #takeTagKeys}. */
    boolean overflowed() {
        return overflowed;
    }

    /** Whether metric names were folded since the last call. */
    boolean takeNamesOverflowed() {
        boolean taken = namesOverflowed;
        namesOverflowed = false;
        return taken;
    }

    /** The keys of the contexts that were learned since the last call. */
    TagKeys takeTagKeys() {
        TagKeys taken = tagKeys;
        tagKeys = null;
        overflowed = false;
        return taken == null ? new TagKeys() : taken;
    }

    @SuppressWarnings("ReferenceEquality") // BLOCKED is one object, not a value
    private Slot learn(Sample sample, @Nullable Spelling known) {
        Context context = enricher.enrich(sample);
        Slot slot = context == Enricher.BLOCKED ? Slot.BLOCKED : slotOf(context);
        if (known != null) {
            known.slot = slot;
        } else {
            makeRoomForSpelling(sample);
            spellings.add(new Spelling(sample, slot));
        }
        return slot;
    }

    /** Long lines must not take more than many short ones would; what was swept is counted too, which forgets early. */
    private void makeRoomForSpelling(Sample sample) {
        spelledBytes += SPELLING + sample.nameEnd - sample.nameStart + sample.tagsEnd - sample.tagsStart;
        if (spelledBytes > spelledLimit) {
            spellings.forget();
            spelledBytes = 0;
        }
    }

    private Slot slotOf(Context enriched) {
        Context context = merged(enriched);
        Slot known = byContext.get(context);
        if (known != null) {
            return known;
        }
        if (texts == null) {
            texts = new Texts();
        }
        context = texts.shared(context);
        HistogramOutput output = cells.output(context);
        if (output.isBlocked()) {
            return Slot.BLOCKED;
        }
        if (tagKeys == null) {
            tagKeys = new TagKeys();
        }
        tagKeys.add(context);
        return room.takeContext(context) ? added(context, output) : overflow(context);
    }

    private Slot overflow(Context context) {
        overflowed = true;
        Context folded = new Context(context.type(), context.name(), overflowTags(Text.EMPTY));
        Slot known = byContext.get(folded);
        if (known != null) {
            return known;
        }
        return room.takeName(folded) ? added(folded, cells.output(folded)) : last(context.type());
    }

    /** Room or not: there is one a type. */
    private Slot last(MetricType type) {
        namesOverflowed = true;
        Context last = new Context(type, LAST_NAME, overflowTags(mark));
        Slot known = byContext.get(last);
        if (known != null) {
            return known;
        }
        HistogramOutput output = cells.output(last);
        if (output.isBlocked()) {
            return Slot.BLOCKED;
        }
        room.forceContext(last);
        return added(last, output);
    }

    /** With the tags that everything gets: without its service and environment, one function's would replace another's. */
    private List<Text> overflowTags(Text more) {
        List<Text> tags = new ArrayList<>();
        for (Text tag : enricher.commonTags()) {
            if (!tag.equals(OVERFLOW_TAG) && !tags.contains(tag)) {
                tags.add(tag);
            }
        }
        tags.add(OVERFLOW_TAG);
        if (more.length() > 0) {
            tags.add(more);
        }
        tags.sort(null);
        return tags;
    }

    private Slot added(Context context, HistogramOutput output) {
        Slot slot = new Slot(context, output);
        byContext.put(context, slot);
        slots.add(slot);
        return slot;
    }

    /** Timings are histograms: their series have the same names, and two contexts would replace each other's points. */
    private static Context merged(Context context) {
        return context.type() == MetricType.TIMING
                ? new Context(MetricType.HISTOGRAM, context.name(), context.tags())
                : context;
    }
}
