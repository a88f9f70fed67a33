package io.dogsled.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    @Test
    void anInvokeIsReadWhateverElseItHoldsAndInAnyOrder() {
        LambdaEvent event = read("""
                {"tracing":{"type":"X-Amzn-Trace-Id","value":"Root=1","eventType":"no"},"new":[1,{"requestId":"no"}],
                 "requestId":"r1","deadlineMs":1700000003000,"invokedFunctionArn":"arn:x","eventType":"INVOKE","more":null}
                """);

        assertThat(event).isEqualTo(new LambdaEvent(LambdaEvent.Kind.INVOKE, "r1", 1_700_000_003_000L, "arn:x", ""));
    }

    @Test
    void aShutdownIsReadWithAnyReason() {
        assertThat(read("{\"eventType\":\"SHUTDOWN\",\"shutdownReason\":\"SandboxTerminated\",\"deadlineMs\":5.0}"))
                .isEqualTo(new LambdaEvent(LambdaEvent.Kind.SHUTDOWN, "", 5, "", "SandboxTerminated"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"eventType\":\"PAUSE\"}", "{\"eventType\":7}", "{\"eventType\":{}}"})
    void otherTypesAreUnknown(String json) {
        assertThat(read(json).kind()).isEqualTo(LambdaEvent.Kind.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "\"INVOKE\"", "{\"eventType\":\"INVOKE\"", "{eventType:1}", "\u0000\u0001"})
    void whatIsNoObjectIsMalformed(String json) {
        assertThat(read(json).kind()).isEqualTo(LambdaEvent.Kind.MALFORMED);
    }

    @Test
    void nestingWithoutEndIsMalformedAndNoStackOverflow() {
        assertThat(read("{\"a\":" + "[".repeat(100_000)).kind()).isEqualTo(LambdaEvent.Kind.MALFORMED);
    }

    @Test
    void theRegistrationOfTheFramesPageIsRead() {
        Registration registration = registration("""
                {"launcher": {"name": "dogsled", "udpPort": 8125, "bindError": "", "unixError": "Permission denied", "receiveBufferBytes": 425984,
                              "telemetryStatus": 200, "execNs": 1, "registeredNs": 2, "invokeEvents": true},
                 "register": {"functionName": "f", "functionVersion": "$LATEST", "handler": "h", "accountId": "123456789012"}}
                """);

        assertThat(registration)
                .isEqualTo(new Registration(
                        8125, "", "Permission denied", 425_984, 200, "f", "$LATEST", "h", "123456789012", true));
        assertThat(registration.announcesEnds()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"launcher\":{\"telemetryStatus\":202},\"register\":null}", "{}", "nonsense", ""})
    void withoutAnAcceptedSubscriptionNobodyAnnouncesEnds(String json) {
        assertThat(registration(json).announcesEnds()).isFalse();
    }

    @Test
    void aLauncherThatMayNotAskForInvocationsSaysSo() {
        assertThat(registration("{\"launcher\":{\"invokeEvents\":false}}").invokeEvents())
                .isFalse();
        assertThat(registration("{\"launcher\":{}}").invokeEvents()).isTrue();
    }

    private static LambdaEvent read(String json) {
        byte[] bytes = ("12345678" + json).getBytes(StandardCharsets.UTF_8);
        return EventReader.event(bytes, 8, bytes.length - 8);
    }

    private static Registration registration(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return EventReader.registration(bytes, 0, bytes.length);
    }
}
