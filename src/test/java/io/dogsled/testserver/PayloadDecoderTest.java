package io.dogsled.testserver;

import static io.dogsled.testserver.WireSamples.DEFLATED;
import static io.dogsled.testserver.WireSamples.PROTOBUF;
import static io.dogsled.testserver.WireSamples.deflated;
import static io.dogsled.testserver.WireSamples.gzipped;
import static io.dogsled.testserver.WireSamples.series;
import static io.dogsled.testserver.WireSamples.sketch;
import static io.dogsled.testserver.WireSamples.sketches;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dogsled.testserver.wire.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PayloadDecoderTest {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final byte[] SERIES = series(series("orders", MetricType.COUNT, 1_700_000_000, 3, "b:2", "a:1"));

    @Test
    void aDeflatedSeriesPayloadReadsAsItsFields() {
        DecodedPayload decoded = PayloadDecoder.decode("/api/v2/series", DEFLATED, deflated(SERIES));
        assertThat(decoded.problems()).isEmpty();
        assertThat(decoded.series())
                .containsExactly(new DecodedPayload.Series(
                        "orders",
                        List.of("b:2", "a:1"),
                        DecodedPayload.SeriesType.COUNT,
                        10,
                        List.of(new DecodedPayload.Resource("host", "")),
                        List.of(new DecodedPayload.Point(1_700_000_000, 3)),
                        "",
                        "",
                        "1/38/0"));
    }

    @Test
    void identityAndGzipReadTheSameAsDeflate() {
        DecodedPayload expected = PayloadDecoder.decode("/api/v2/series", DEFLATED, deflated(SERIES));
        assertThat(PayloadDecoder.decode("/api/v2/series", PROTOBUF, SERIES)).isEqualTo(expected);
        Map<String, String> gzip = Map.of("Content-Encoding", "gzip", "Content-Type", "application/x-protobuf");
        assertThat(PayloadDecoder.decode("/api/v2/series", gzip, gzipped(SERIES)))
                .isEqualTo(expected);
    }

    @Test
    void theTextTwinOfASeriesNamesEverythingThatIsOnTheWire() {
        assertThat(PayloadDecoder.text("/api/v2/series", PROTOBUF, SERIES)).isEqualTo("""
                        /api/v2/series: 1 series
                        COUNT orders [b:2, a:1] interval=10 host= origin=1/38/0
                          1700000000 3.0
                        """);
    }

    @Test
    void theTextTwinOfASketchShowsItsSummaryAndItsBins() {
        byte[] body = sketches(sketch("latency", 1_700_000_000, List.of(-5, 0, 1338), List.of(1, 2, 3)));
        assertThat(PayloadDecoder.text("/api/beta/sketches", PROTOBUF, body)).isEqualTo("""
                        /api/beta/sketches: 1 sketches
                        SKETCH latency [env:t]
                          1700000000 cnt=6 min=1.0 max=3.0 avg=2.0 sum=12.0 bins=-5x1 0x2 1338x3
                        """);
    }

    @Test
    void seriesJsonOfVersion2AndVersion1ReadAlike() {
        String v2 = """
                {"series":[{"metric":"m","type":3,"interval":10,"points":[{"timestamp":1700000000,"value":1.5}],
                 "tags":["a:b"],"resources":[{"type":"host","name":"h"}]}]}""";
        String v1 = """
                {"series":[{"metric":"m","type":"gauge","interval":10,"points":[[1700000000,1.5]],
                 "tags":["a:b"],"host":"h"}]}""";
        DecodedPayload decoded = json("/api/v2/series", v2);
        assertThat(decoded.problems()).isEmpty();
        assertThat(decoded.series().getFirst().host()).isEqualTo("h");
        assertThat(decoded.series().getFirst().points()).containsExactly(new DecodedPayload.Point(1_700_000_000, 1.5));
        assertThat(json("/api/v1/series", v1)).isEqualTo(decoded);
    }

    @Test
    void checksReadWithNullTagsAndHaveAQuotedMessageInTheText() {
        String body = """
                [{"check":"app.ok","host_name":"h","timestamp":7,"status":1,"message":"a \\"b\\"","tags":null}]""";
        assertThat(json("/api/v1/check_run", body).checks())
                .containsExactly(new DecodedPayload.Check("app.ok", "h", 7, 1, "a \"b\"", List.of()));
        assertThat(PayloadDecoder.text("/api/v1/check_run", JSON, utf8(body)))
                .contains("CHECK 7 app.ok status=1 [] host=h message=\"a \\\"b\\\"\"");
    }

    @Test
    void eventsReadFromTheAgentsIntakeAndFromThePublicApi() {
        DecodedPayload intake = json("/intake/", """
                {"apiKey":"","events":{"api":[{"msg_title":"t","msg_text":"x\\ny","timestamp":7,"host":"h",
                 "tags":["a:b"],"alert_type":"error","priority":"low"}]},"internalHostname":"h"}""");
        DecodedPayload api = json("/api/v1/events", """
                {"title":"t","text":"x\\ny","date_happened":7,"host":"h","tags":["a:b"],"alert_type":"error",
                 "priority":"low"}""");
        assertThat(intake.problems()).isEmpty();
        assertThat(intake.events())
                .containsExactly(
                        new DecodedPayload.Event("t", "x\ny", 7, "low", "h", List.of("a:b"), "error", "", "", ""));
        assertThat(api.events()).isEqualTo(intake.events());
    }

    @Test
    void whatCannotBeReadIsASentenceAndNeverAnException() {
        byte[] torn = Arrays.copyOf(deflated(SERIES), 20);
        Map<String, String> zstd = Map.of("Content-Encoding", "zstd");
        assertThat(problems("/api/v2/series", DEFLATED, torn)).contains("the body is not valid deflate");
        assertThat(problems("/api/v2/series", zstd, torn)).contains("zstd is not supported by this test server");
        assertThat(problems("/api/v2/series", PROTOBUF, utf8("{}garbage"))).contains("is not a MetricPayload");
        assertThat(problems("/api/beta/sketches", PROTOBUF, utf8("garbage"))).contains("is not a SketchPayload");
        assertThat(problems("/api/v1/check_run", JSON, utf8("[{"))).contains("is not JSON");
        assertThat(problems("/intake/", JSON, utf8("{}"))).contains("neither \"events\" nor \"title\"");
        assertThat(problems("/api/v2/series", PROTOBUF, new byte[0])).contains("nothing to decode");
    }

    @Test
    void aJsonProblemIsOneLineWithoutTheParsersOwnTerms() {
        assertThat(problems("/api/v1/check_run", JSON, utf8("[{\"check\":1")))
                .contains("Unexpected end-of-input")
                .doesNotContain("Source", "REDACTED");
    }

    @Test
    void bytesAfterTheEndOfTheZlibStreamAreReported() {
        byte[] deflated = deflated(SERIES);
        byte[] longer = Arrays.copyOf(deflated, deflated.length + 3);
        assertThat(problems("/api/v2/series", DEFLATED, longer)).contains("3 bytes follow the end");
    }

    @Test
    void readableButWrongValuesAreReportedAndStillDecoded() {
        byte[] body = series(
                series("nan", MetricType.GAUGE, 1_700_000_000, Double.NaN),
                series("millis", MetricType.COUNT, 1_700_000_000_000L, 1),
                series("untyped", MetricType.UNSPECIFIED, 1_700_000_000, 1));
        byte[] notUtf8 = {0x0a, 3, 0x12, 1, (byte) 0xff}; // series = { metric = one byte 0xff }
        body = ByteString.copyFrom(body).concat(ByteString.copyFrom(notUtf8)).toByteArray();
        DecodedPayload decoded = PayloadDecoder.decode("/api/v2/series", PROTOBUF, body);
        assertThat(decoded.series()).hasSize(4);
        assertThat(String.join("\n", decoded.problems()))
                .contains(
                        "nan: the value at 1700000000 is NaN", "millis: the timestamp 1700000000000 is not in seconds")
                .contains("untyped: the series has no type", "has no points", "is not valid UTF-8");
    }

    @Test
    void aSketchWhoseBinsDoNotAddUpIsReported() {
        byte[] unsorted = sketches(sketch("d", 1_700_000_000, List.of(9, 3), List.of(1, 1)));
        assertThat(problems("/api/beta/sketches", PROTOBUF, unsorted)).contains("keys are not in ascending order");
        byte[] unequal = sketches(sketch("d", 1_700_000_000, List.of(3), List.of(1, 1)));
        assertThat(problems("/api/beta/sketches", PROTOBUF, unequal))
                .contains("has 1 keys but 2 counts", "the bins hold 1 values, cnt is 2");
    }

    @Test
    void aPathThatIsNoIntakeRouteIsNotDecoded() {
        DecodedPayload decoded = PayloadDecoder.decode("/other", PROTOBUF, SERIES);
        assertThat(decoded.kind()).isEqualTo(DecodedPayload.Kind.OTHER);
        assertThat(decoded.series()).isEmpty();
    }

    private static DecodedPayload json(String path, String body) {
        return PayloadDecoder.decode(path, JSON, utf8(body));
    }

    private static String problems(String path, Map<String, String> headers, byte[] body) {
        return String.join("\n", PayloadDecoder.decode(path, headers, body).problems());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
