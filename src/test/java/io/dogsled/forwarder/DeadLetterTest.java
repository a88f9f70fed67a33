package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.metrics.Event;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The lines of one letter. */
class DeadLetterTest {
    private static final String BEGIN = "DOGSLED deadletter ";

    @Test
    void aLetterIsOneLineWithTheFieldsOfItsFormat() throws IOException {
        Payload payload = new PayloadSerializer(true).events(List.of(event("title", "text")), 1);
        List<byte[]> lines = new DeadLetter("0123456789abcdef-1", payload).lines();

        assertThat(lines).hasSize(1);
        String line = new String(lines.getFirst(), StandardCharsets.US_ASCII);
        assertThat(line)
                .isEqualTo(BEGIN + "{\"id\":\"0123456789abcdef-1\",\"part\":1,\"parts\":1,\"kind\":\"events\","
                        + "\"encoding\":\"deflate\",\"data\":\""
                        + Base64.getEncoder().encodeToString(payload.body()) + "\"}\n");
    }

    @Test
    void aLongOneIsCutIntoLinesThatCloudWatchKeepsWholeAndBecomesTheSameBodyAgain() throws IOException {
        Payload payload = longPayload();
        DeadLetter letter = new DeadLetter("a-1", payload);

        assertThat(letter.lines()).hasSizeGreaterThan(2);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        StringBuilder base64 = new StringBuilder();
        long size = 0;
        for (byte[] line : letter.lines()) {
            assertThat(line).hasSizeLessThanOrEqualTo(DeadLetter.MAX_LINE_BYTES);
            JsonNode json =
                    new ObjectMapper().readTree(new String(line, StandardCharsets.US_ASCII).substring(BEGIN.length()));
            assertThat(json.path("parts").asInt()).isEqualTo(letter.lines().size());
            body.writeBytes(Base64.getDecoder().decode(json.path("data").asText()));
            base64.append(json.path("data").asText());
            size += line.length;
        }
        assertThat(body.toByteArray()).isEqualTo(payload.body());
        assertThat(Base64.getDecoder().decode(base64.toString())).isEqualTo(payload.body());
        assertThat(letter.sizeBytes()).isEqualTo(size);
    }

    /** Texts that no compressor makes much shorter. */
    private static Payload longPayload() {
        Random random = new Random(7);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            byte[] text = new byte[3_000];
            random.nextBytes(text);
            events.add(event("e" + i, Base64.getEncoder().encodeToString(text)));
        }
        return new PayloadSerializer(true).events(events, events.size());
    }

    private static Event event(String title, String text) {
        return new Event(title, text, 1_700_000_000, "normal", "", List.of(), "info", "", "");
    }
}
