package io.dogsled.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * JSON of the platform and of the launcher → values. Lenient: fields may be missing, unknown, in any order and of a type
 * nobody expected (lambda.md §1.3, cases NXT-04 to NXT-07). Loaded with the first frame, after {@code ready}.
 */
final class EventReader {
    private static final JsonFactory JSON = new JsonFactory();

    private EventReader() {}

    static LambdaEvent event(byte[] bytes, int start, int length) {
        Fields fields = new Fields();
        if (!read(bytes, start, length, fields)) {
            return new LambdaEvent(LambdaEvent.Kind.MALFORMED, "", 0, "", "");
        }
        LambdaEvent.Kind kind = switch (fields.eventType) {
            case "INVOKE" -> LambdaEvent.Kind.INVOKE;
            case "SHUTDOWN" -> LambdaEvent.Kind.SHUTDOWN;
            default -> LambdaEvent.Kind.UNKNOWN;
        };
        return new LambdaEvent(
                kind, fields.requestId, fields.deadlineMs, fields.invokedFunctionArn, fields.shutdownReason);
    }

    /** What cannot be read is {@link Registration#UNKNOWN}: then nobody announces the end of an invocation. */
    static Registration registration(byte[] bytes, int start, int length) {
        Fields fields = new Fields();
        if (!read(bytes, start, length, fields)) {
            return Registration.UNKNOWN;
        }
        return new Registration(
                (int) fields.udpPort,
                fields.bindError,
                fields.unixError,
                fields.receiveBufferBytes,
                (int) fields.telemetryStatus,
                fields.functionName,
                fields.functionVersion,
                fields.handler,
                fields.accountId,
                fields.invokeEvents);
    }

    private static boolean read(byte[] bytes, int start, int length, Fields fields) {
        try (JsonParser parser = JSON.createParser(bytes, start, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            readObject(parser, fields, 0);
            return true;
        } catch (IOException malformed) {
            return false;
        }
    }

    /** Depth 0 is the object itself, depth 1 are {@code launcher} and {@code register}; what is deeper is passed over. */
    private static void readObject(JsonParser parser, Fields fields, int depth) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && depth == 0 && (name.equals("launcher") || name.equals("register"))) {
                readObject(parser, fields, 1);
            } else if (value == JsonToken.VALUE_STRING) {
                fields.text(name, parser.getText());
            } else if (value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_NUMBER_FLOAT) {
                fields.number(name, parser.getValueAsDouble());
            } else if (value == JsonToken.VALUE_FALSE && name.equals("invokeEvents")) {
                fields.invokeEvents = false;
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Every field that some object of ours has; their names do not collide. */
    private static final class Fields {
        private String eventType = "";
        private String requestId = "";
        private String invokedFunctionArn = "";
        private String shutdownReason = "";
        private String bindError = "";
        private String unixError = "";
        private String functionName = "";
        private String functionVersion = "";
        private String handler = "";
        private String accountId = "";
        private long deadlineMs;
        private long udpPort;
        private long receiveBufferBytes;
        private long telemetryStatus;
        private boolean invokeEvents = true;

        void text(String name, String value) {
            switch (name) {
                case "eventType" -> eventType = value;
                case "requestId" -> requestId = value;
                case "invokedFunctionArn" -> invokedFunctionArn = value;
                case "shutdownReason" -> shutdownReason = value;
                case "bindError" -> bindError = value;
                case "unixError" -> unixError = value;
                case "functionName" -> functionName = value;
                case "functionVersion" -> functionVersion = value;
                case "handler" -> handler = value;
                case "accountId" -> accountId = value;
                default -> {}
            }
        }

        void number(String name, double value) {
            switch (name) {
                case "deadlineMs" -> deadlineMs = (long) value;
                case "udpPort" -> udpPort = (long) value;
                case "receiveBufferBytes" -> receiveBufferBytes = (long) value;
                case "telemetryStatus" -> telemetryStatus = (long) value;
                default -> {}
            }
        }
    }
}
