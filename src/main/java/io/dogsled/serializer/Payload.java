package io.dogsled.serializer;

/** One request body and what has to be said about it. Immutable; the body is not copied and must not be written to. */
public final class Payload {
    /** The four routes of the intake, with the limits of their payloads (protocol.md §4.6). */
    public enum Kind {
        SERIES("/api/v2/series", "application/x-protobuf", 512_000, 5_242_880),
        SKETCHES("/api/beta/sketches", "application/x-protobuf", 2_621_440, 4_194_304),
        EVENTS("/intake/", "application/json", 2_621_440, 4_194_304),
        CHECKS("/api/v1/check_run", "application/json", 2_621_440, 4_194_304);

        private final String path;
        private final String contentType;
        private final int maxBytes;
        private final int maxPlainBytes;

        Kind(String path, String contentType, int maxBytes, int maxPlainBytes) {
            this.path = path;
            this.contentType = contentType;
            this.maxBytes = maxBytes;
            this.maxPlainBytes = maxPlainBytes;
        }

        /** What the request's path is, behind the intake's base. */
        public String path() {
            return path;
        }

        /** The value of {@code Content-Type}. */
        public String contentType() {
            return contentType;
        }

        /** The most a body as sent may have. */
        int maxBytes() {
            return maxBytes;
        }

        /** The most it may have before compression. */
        int maxPlainBytes() {
            return maxPlainBytes;
        }
    }

    private static final byte[] NONE = new byte[0];

    private final Kind kind;
    private final String contentEncoding;
    private final byte[] body;
    private final int items;

    Payload(Kind kind, String contentEncoding, byte[] body, int items) {
        this.kind = kind;
        this.contentEncoding = contentEncoding;
        this.body = body;
        this.items = items;
    }

    /** The payload of an item that no payload can hold. */
    static Payload tooLarge(Kind kind) {
        return new Payload(kind, "", NONE, 1);
    }

    public Kind kind() {
        return kind;
    }

    /** The value of {@code Content-Encoding}; {@code ""} = none. */
    public String contentEncoding() {
        return contentEncoding;
    }

    /** The body as it is sent. */
    public byte[] body() {
        return body;
    }

    /** How many items, from the front of the list that was given, it took. */
    public int items() {
        return items;
    }

    /** Whether the first item alone exceeds what the intake takes: then this is that item, without a body. */
    public boolean tooLarge() {
        return body.length == 0;
    }
}
