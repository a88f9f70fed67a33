package io.dogsled.dogstatsd;

import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The debug statistics of a server, which can be switched on and off while it runs (flush-and-testserver.md ST11). Switched off, they
 * are forgotten. Any thread; nothing of it is loaded unless somebody asks.
 *
 * <pre>
 * {"metrics_stats":true,"contexts":2,"left_out":0,"full":0,"samples_per_second":[0,0,0,7,2],
 *  "metrics":[{"name":"orders","type":"c","tags":["country:de"],"count":9,"last_seen_ms":1700000000000}, …]}
 * </pre>
 *
 * {@code left_out}: contexts that the answer has no room for; {@code full}: samples of contexts that the statistics have no room for.
 */
public final class DebugStats {
    /** The list of contexts ends when it is so long. */
    private static final int MAX_JSON = 96 << 10;

    private static final int MAX_TAGS = 2 << 10;

    private final Config.Dogstatsd config;
    private final List<ParserSwitch> parsers;
    private final Instruments instruments;
    private @Nullable ContextStats stats; // guarded by this

    DebugStats(Config.Dogstatsd config, List<ParserSwitch> parsers, Instruments instruments) {
        this.config = config;
        this.parsers = parsers;
        this.instruments = instruments;
    }

    /** Switches on, which begins with nothing, or off. */
    public synchronized void enable(boolean on) {
        if (on == (stats != null)) {
            return;
        }
        ContextStats now =
                on ? new ContextStats(DogStatsDServer.anotherEnricher(config, instruments), instruments) : null;
        stats = now;
        for (ParserSwitch parser : parsers) {
            if (now != null) {
                watch(parser, now);
            } else {
                parser.usePlain();
            }
        }
    }

    /** Forgets what was counted, if anything is. */
    synchronized void beginAnew() {
        if (stats != null) {
            enable(false);
            enable(true);
        }
    }

    /** One more parser, of a listener that starts later. */
    synchronized void add(ParserSwitch parser) {
        parsers.add(parser);
        ContextStats now = stats;
        if (now != null) {
            watch(parser, now);
        }
    }

    /** Whether samples are counted now. */
    public synchronized boolean isEnabled() {
        return stats != null;
    }

    /** The members of the JSON object above, without its braces. */
    public synchronized String json() {
        ContextStats now = stats;
        if (now == null) {
            return "\"metrics_stats\":false";
        }
        List<ContextStat> contexts = now.byCount();
        StringBuilder metrics = new StringBuilder();
        int shown = 0;
        while (shown < contexts.size() && metrics.length() < MAX_JSON) {
            metrics.append(shown == 0 ? "" : ",").append(json(contexts.get(shown)));
            shown++;
        }
        StringBuilder json = new StringBuilder(metrics.length() + 256);
        json.append("\"metrics_stats\":true,\"contexts\":").append(contexts.size());
        json.append(",\"left_out\":").append(contexts.size() - shown);
        json.append(",\"full\":").append(now.full());
        json.append(",\"samples_per_second\":");
        JsonText.numbers(json, now.perSecond(instruments.clock().nowMs()));
        return json.append(",\"metrics\":[").append(metrics).append(']').toString();
    }

    /** One line for each of the contexts with most samples, at most {@code most}; none if it is off. */
    public synchronized List<String> lines(int most) {
        List<String> lines = new ArrayList<>();
        ContextStats now = stats;
        if (now != null) {
            List<ContextStat> contexts = now.byCount();
            for (int i = 0; i < Math.min(most, contexts.size()); i++) {
                lines.add("DOGSLED stats " + json(contexts.get(i)));
            }
            if (contexts.size() > most) {
                lines.add("DOGSLED stats and " + (contexts.size() - most) + " contexts with fewer samples");
            }
        }
        return lines;
    }

    private void watch(ParserSwitch parser, ContextStats now) {
        parser.use(new DatagramParser(
                parser.config(),
                new CountingSink(parser.sink(), now),
                instruments,
                new RejectionLog(instruments.log())));
    }

    /** At most {@value #MAX_TAGS} bytes of tags: what more there are is replaced by {@code …}. */
    private static String json(ContextStat stat) {
        StringBuilder json = new StringBuilder(128);
        json.append("{\"name\":");
        JsonText.quote(json, stat.context().name().toString());
        json.append(",\"type\":\"").append(stat.context().type().wire()).append("\",\"tags\":[");
        int length = 0;
        String comma = "";
        for (Text tag : stat.context().tags()) {
            json.append(comma);
            comma = ",";
            length += tag.length();
            if (length > MAX_TAGS) {
                JsonText.quote(json, "…");
                break;
            }
            JsonText.quote(json, tag.toString());
        }
        return json.append("],\"count\":")
                .append(stat.count())
                .append(",\"last_seen_ms\":")
                .append(stat.lastSeenMs())
                .append('}')
                .toString();
    }
}
