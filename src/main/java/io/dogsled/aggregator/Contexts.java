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
 * <p>Past the limit a new context folds into one for its type and metric name, tagged {@link #OVERFLOW_TAG}: no value is
 * lost, and a person sees why the tags are gone. When even those are as many as the limit, there is no room.
 */
final class Contexts {
    static final Text OVERFLOW_TAG = Text.of("dogsled_overflow:true");

    private final Enricher enricher;
    private final CellMaker cells;
    private final int limit;
    private final Spellings spellings;
    private final Map<Context, Slot> byContext = new HashMap<>();
    private final List<Slot> slots = new ArrayList<>();

    Contexts(Enricher enricher, CellMaker cells, Limits limits) {
        this.enricher = enricher;
        this.cells = cells;
        this.limit = limits.contexts();
        this.spellings = new Spellings(limits.spellings());
    }

    /** The slot of a sample, or {@link Slot#BLOCKED} or {@link Slot#NO_ROOM}. */
    Slot slot(Sample sample) {
        int hash = Spelling.hash(sample);
        Spelling known = spellings.find(sample, hash);
        return known != null && !known.slot.isExpired() ? known.slot : learn(sample, hash, known);
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
     * Forgets contexts that hold nothing and were not seen for {@code idleS}, and cells that are done, among some of them.
     *
     * @return how many cells went
     */
    int sweep(int from, int to, long nowS, long idleS) {
        int dropped = 0;
        for (int i = Math.min(to, slots.size()) - 1; i >= from; i--) {
            Slot slot = slots.get(i);
            dropped += slot.dropDone(nowS, idleS);
            if (slot.expire(nowS, idleS)) {
                byContext.remove(slot.context);
                Slot last = slots.removeLast();
                if (last != slot) {
                    slots.set(i, last);
                }
            }
        }
        spellings.sweep(from, to);
        return dropped;
    }

    @SuppressWarnings("ReferenceEquality") // BLOCKED is one object, not a value
    private Slot learn(Sample sample, int hash, @Nullable Spelling known) {
        Context context = enricher.enrich(sample);
        Slot slot = context == Enricher.BLOCKED ? Slot.BLOCKED : slotOf(context);
        if (known != null) {
            known.slot = slot;
        } else if (slot != Slot.NO_ROOM) {
            spellings.add(new Spelling(hash, sample, slot));
        }
        return slot;
    }

    private Slot slotOf(Context enriched) {
        Context context = merged(enriched);
        Slot known = byContext.get(context);
        if (known != null) {
            return known;
        }
        HistogramOutput output = cells.output(context);
        if (output.isBlocked()) {
            return Slot.BLOCKED;
        }
        return slots.size() < limit ? added(context, output) : overflow(context);
    }

    private Slot overflow(Context context) {
        Context folded = new Context(context.type(), context.name(), List.of(OVERFLOW_TAG));
        Slot known = byContext.get(folded);
        if (known != null) {
            return known;
        }
        return slots.size() < 2 * limit ? added(folded, cells.output(folded)) : Slot.NO_ROOM;
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
