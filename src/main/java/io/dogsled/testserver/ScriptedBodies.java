package io.dogsled.testserver;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Status codes that a request asks for in its own body, by the grammar of the Agent's test server
 * (pkg/trace/writer/testserver.go, {@code getNextCode}). Any thread.
 *
 * <pre>
 * 17|503,408,200        id "|" code *( "," code ); exactly one "|" in the whole body
 * </pre>
 *
 * <p>The codes are remembered under the id at first sight until a reset; the k-th request with the id (from 0) gets
 * {@code codes[k mod n]}. Of more than 100,000 ids the oldest are forgotten. A body that does not follow the grammar
 * asks for nothing.
 */
final class ScriptedBodies {
    /** The body asks for nothing; the server's own rules decide. */
    static final int NOT_SCRIPTED = 0;

    /** The body names a code without a reason phrase, such as 299. The Agent's server panics; ours answers 500. */
    static final int UNLISTED = -1;

    /** One bar, but a part after it is no number: probably an accident, and the sender should know. */
    static final int MALFORMED = -2;

    private static final int MAX_IDS = 100_000;

    private final Map<String, Sequence> seen = new LinkedHashMap<>(); // guarded by this

    /** The next status for this body, or one of the three constants. */
    synchronized int nextStatus(byte[] body) {
        int bar = soleBar(body);
        if (bar < 0) {
            return NOT_SCRIPTED;
        }
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String id = text.substring(0, bar);
        Sequence known = seen.get(id);
        if (known != null) {
            return known.next();
        }
        String[] parts = text.substring(bar + 1).split(",", -1);
        int[] codes = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int code = code(parts[i]);
            if (code <= 0) {
                return code;
            }
            codes[i] = code;
        }
        Sequence sequence = new Sequence(codes);
        seen.put(id, sequence);
        if (seen.size() > MAX_IDS) {
            seen.remove(seen.keySet().iterator().next());
        }
        return sequence.next();
    }

    private static int soleBar(byte[] body) {
        int bar = -1;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '|') {
                if (bar >= 0) {
                    return -1;
                }
                bar = i;
            }
        }
        return bar;
    }

    /** Go's {@code strconv.Atoi}: an optional sign and digits, nothing else. */
    private static int code(String part) {
        String digits = part.startsWith("+") || part.startsWith("-") ? part.substring(1) : part;
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return MALFORMED;
        }
        long code = Long.parseLong(part);
        return StatusCodes.isListed(code) ? (int) code : UNLISTED;
    }

    private static final class Sequence {
        private final int[] codes;
        private int count;

        Sequence(int[] codes) {
            this.codes = codes;
        }

        int next() {
            return codes[count++ % codes.length];
        }
    }
}
