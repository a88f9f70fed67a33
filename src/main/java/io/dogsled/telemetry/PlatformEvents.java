package io.dogsled.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import java.io.IOException;

/**
 * Reads a batch of the Telemetry API and hands its events on, one by one. Lenient (lambda.md §4.3): unknown types and
 * fields, missing objects, a record that is a text, numbers of either kind. What cannot be read is counted and ignored;
 * what came before it counts. Main thread.
 *
 * <pre>
 * [{"time":"2023-11-14T22:13:20.000Z","type":"platform.runtimeDone",
 *   "record":{"requestId":"…","status":"success","metrics":{"durationMs":1.5}}}, …]
 * </pre>
 */
public final class PlatformEvents {
    private static final JsonFactory JSON = new JsonFactory();

    private final Counters counters;
    private final boolean measured;

    /** @param measured whether the numbers of the records are wanted as well */
    public PlatformEvents(Counters counters, boolean measured) {
        this.counters = counters;
        this.measured = measured;
    }

    /** Reads {@code bytes[start, start + length)}; never throws for anything that can be in there. */
    public void read(byte[] bytes, int start, int length, PlatformListener listener) {
        try (JsonParser parser = JSON.createParser(bytes, start, length)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                counters.increment(Counter.TELEMETRY_UNREADABLE);
                return;
            }
            JsonToken token = parser.nextToken();
            while (token != JsonToken.END_ARRAY) {
                if (token == JsonToken.START_OBJECT) {
                    listener.onPlatformEvent(readEvent(parser));
                } else {
                    parser.skipChildren();
                }
                token = parser.nextToken();
                if (token == null) {
                    throw new IOException("the batch ends too early");
                }
            }
        } catch (IOException malformed) {
            counters.increment(Counter.TELEMETRY_UNREADABLE);
        }
    }

    private PlatformEvent readEvent(JsonParser parser) throws IOException {
        Fields fields = new Fields();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("record") && value == JsonToken.START_OBJECT) {
                readRecord(parser, fields);
            } else if (name.equals("type") && value == JsonToken.VALUE_STRING) {
                fields.type = parser.getText();
            } else if (name.equals("time") && value == JsonToken.VALUE_STRING) {
                fields.time = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return fields.event();
    }

    private void readRecord(JsonParser parser, Fields fields) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (measured && name.equals("metrics") && value == JsonToken.START_OBJECT) {
                readMetrics(parser, fields.measures());
            } else if (measured && name.equals("spans") && value == JsonToken.START_ARRAY) {
                readSpans(parser, fields.measures());
            } else if (value == JsonToken.VALUE_STRING) {
                fields.text(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void readMetrics(JsonParser parser, Measures measures) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken().isNumeric()) {
                measures.put(name, parser.getValueAsDouble());
            } else {
                parser.skipChildren();
            }
        }
    }

    /** {@code [{"name":"responseLatency","start":"…","durationMs":1.5}, …]}; what is no object in it is passed over. */
    private static void readSpans(JsonParser parser, Measures measures) throws IOException {
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.END_ARRAY) {
            if (token == JsonToken.START_OBJECT) {
                readSpan(parser, measures);
            } else {
                parser.skipChildren();
            }
            token = parser.nextToken();
        }
    }

    private static void readSpan(JsonParser parser, Measures measures) throws IOException {
        String span = "";
        double durationMs = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("name") && value == JsonToken.VALUE_STRING) {
                span = parser.getText();
            } else if (name.equals("durationMs") && value.isNumeric()) {
                durationMs = parser.getValueAsDouble();
            } else {
                parser.skipChildren();
            }
        }
        measures.put(span, durationMs);
    }

    /** One event while it is read: the record may stand before the type. */
    private static final class Fields {
        private String type = "";
        private String time = "";
        private String requestId = "";
        private String status = "";
        private String errorType = "";
        private Measures measures = Measures.NONE;

        Measures measures() {
            if (measures == Measures.NONE) {
                measures = new Measures();
            }
            return measures;
        }

        void text(String name, String value) {
            switch (name) {
                case "requestId" -> requestId = value;
                case "status" -> status = value;
                case "errorType" -> errorType = value;
                default -> {}
            }
        }

        PlatformEvent event() {
            PlatformEvent.Kind kind = switch (type) {
                case "platform.start" -> PlatformEvent.Kind.START;
                case "platform.runtimeDone" -> PlatformEvent.Kind.RUNTIME_DONE;
                case "platform.report" -> PlatformEvent.Kind.REPORT;
                case "platform.logsDropped" -> PlatformEvent.Kind.LOGS_DROPPED;
                default -> PlatformEvent.Kind.OTHER;
            };
            return new PlatformEvent(kind, type, time, requestId, status, errorType, measures);
        }
    }
}
