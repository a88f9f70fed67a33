package io.dogsled.dogstatsd;

/** What an answer of the local endpoint is written with, without a library: a string, and an array of numbers. */
final class JsonText {
    /** Longer strings are cut: an answer is for people. */
    private static final int MAX_CHARS = 2 << 10;

    private JsonText() {}

    /** A string of at most {@value #MAX_CHARS} characters, ASCII where it has to be. */
    static void quote(StringBuilder json, String text) {
        json.append('"');
        int length = Math.min(text.length(), MAX_CHARS);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u").append(Integer.toHexString(0x1_0000 | c), 1, 5);
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    static void numbers(StringBuilder json, long[] numbers) {
        json.append('[');
        for (int i = 0; i < numbers.length; i++) {
            json.append(i == 0 ? "" : ",").append(numbers[i]);
        }
        json.append(']');
    }
}
