package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Bin;
import io.dogsled.testserver.DecodedPayload.Check;
import io.dogsled.testserver.DecodedPayload.Event;
import io.dogsled.testserver.DecodedPayload.Point;
import io.dogsled.testserver.DecodedPayload.Series;
import io.dogsled.testserver.DecodedPayload.Sketch;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import java.util.List;
import java.util.Locale;

/**
 * Payloads for people. Fields that are empty are left out; texts of events and checks are quoted with JSON's escapes.
 *
 * <pre>
 * /api/v2/series: 1 series
 * COUNT orders.placed [env:dev, team:a] interval=10 host= origin=10/11/0
 *   1700000000 3.0
 *
 * /api/beta/sketches: 1 sketches
 * SKETCH order.value [env:dev]
 *   1700000000 cnt=2 min=1.0 max=2.0 avg=1.5 sum=3.0 bins=1338x1 1383x1
 * ! a problem is a sentence
 * </pre>
 */
final class PayloadText {
    private final StringBuilder out = new StringBuilder();

    private PayloadText() {}

    static String of(String path, DecodedPayload payload) {
        PayloadText text = new PayloadText();
        text.title(path, payload);
        payload.series().forEach(text::series);
        payload.sketches().forEach(text::sketch);
        payload.events().forEach(text::event);
        payload.checks().forEach(text::check);
        payload.problems()
                .forEach(problem -> text.out.append("! ").append(problem).append('\n'));
        return text.out.toString();
    }

    private void title(String path, DecodedPayload payload) {
        int size = payload.series().size()
                + payload.sketches().size()
                + payload.events().size()
                + payload.checks().size();
        String kind = payload.kind().name().toLowerCase(Locale.ROOT);
        out.append(path).append(": ").append(size).append(' ').append(kind).append('\n');
    }

    private void series(Series series) {
        out.append(series.type())
                .append(' ')
                .append(series.metric())
                .append(' ')
                .append(series.tags());
        if (series.intervalS() != 0) {
            out.append(" interval=").append(series.intervalS());
        }
        for (var resource : series.resources()) {
            out.append(' ').append(resource.type()).append('=').append(resource.name());
        }
        field(" unit=", series.unit());
        field(" source=", series.sourceTypeName());
        field(" origin=", series.origin());
        out.append('\n');
        for (Point point : series.points()) {
            out.append("  ")
                    .append(point.timestampS())
                    .append(' ')
                    .append(point.value())
                    .append('\n');
        }
    }

    private void sketch(Sketch sketch) {
        out.append("SKETCH ").append(sketch.metric()).append(' ').append(sketch.tags());
        field(" host=", sketch.host());
        field(" origin=", sketch.origin());
        out.append('\n');
        for (SketchPoint point : sketch.points()) {
            out.append("  ")
                    .append(point.timestampS())
                    .append(' ')
                    .append(summary(point))
                    .append('\n');
        }
    }

    /** {@code cnt=2 min=1.0 max=2.0 avg=1.5 sum=3.0 bins=1338x1 1383x1}. */
    static String summary(SketchPoint point) {
        StringBuilder text = new StringBuilder();
        text.append("cnt=").append(point.cnt()).append(" min=").append(point.min());
        text.append(" max=").append(point.max()).append(" avg=").append(point.avg());
        text.append(" sum=").append(point.sum()).append(" bins=");
        String separator = "";
        for (Bin bin : point.bins()) {
            text.append(separator).append(bin.k()).append('x').append(bin.n());
            separator = " ";
        }
        return text.toString();
    }

    private void event(Event event) {
        out.append("EVENT ").append(event.timestampS()).append(" title=").append(quoted(event.title()));
        out.append(" text=").append(quoted(event.text())).append(' ').append(event.tags());
        field(" priority=", event.priority());
        field(" host=", event.host());
        field(" alert_type=", event.alertType());
        field(" aggregation_key=", event.aggregationKey());
        field(" source_type_name=", event.sourceTypeName());
        field(" event_type=", event.eventType());
        out.append('\n');
    }

    private void check(Check check) {
        out.append("CHECK ").append(check.timestampS()).append(' ').append(check.name());
        out.append(" status=").append(check.status()).append(' ').append(check.tags());
        field(" host=", check.host());
        if (!check.message().isEmpty()) {
            field(" message=", quoted(check.message()));
        }
        out.append('\n');
    }

    private void field(String label, String value) {
        if (!value.isEmpty()) {
            out.append(label).append(value);
        }
    }

    private static String quoted(String text) {
        return JsonTree.MAPPER.valueToTree(List.of(text)).get(0).toString();
    }
}
