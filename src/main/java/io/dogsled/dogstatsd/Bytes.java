package io.dogsled.dogstatsd;

/** Searches in a buffer. */
final class Bytes {
    private Bytes() {}

    /** The first index in {@code [from, to)} that holds {@code wanted}, or {@code to}. */
    static int indexOf(byte[] buffer, int from, int to, char wanted) {
        int at = from;
        while (at < to && buffer[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Whether {@code buffer[from, to)} begins with an ASCII text. */
    static boolean startsWith(byte[] buffer, int from, int to, String prefix) {
        if (to - from < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (buffer[from + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code buffer[from, to)} is an ASCII text. */
    static boolean equals(byte[] buffer, int from, int to, String text) {
        return to - from == text.length() && startsWith(buffer, from, to, text);
    }
}
