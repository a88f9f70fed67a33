package io.dogsled.http;

/** One header field of a request or an answer. */
public record Header(String name, String value) {

    /** Whether a text can stand in a request's head: printable ASCII and spaces alone, so nothing can start a new line. */
    public static boolean isUsable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
