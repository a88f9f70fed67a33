package io.dogsled.testserver;

/** What came is not a request this server can read; it is answered with the status and the sentence, and the connection ends. */
final class MalformedRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    MalformedRequest(String sentence) {
        this(400, sentence);
    }

    MalformedRequest(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
