package io.dogsled.control;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * The first line of an HTTP request, which is all we need of it. Reads the head to its end, so that the client has sent
 * what it wants to send before it is answered; a body is not read.
 *
 * <pre>
 * POST /lambda/flush?x=y HTTP/1.1 CR LF
 * ^method ^path      ^query
 * </pre>
 *
 * @param method {@code ""} if the request is not to be understood
 * @param query what is behind the first question mark, as it was sent; {@code ""} if there is none
 */
record RequestLine(String method, String path, String query) {
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final RequestLine UNREADABLE = new RequestLine("", "", "");

    /** Reads from a socket until the head is complete, too long, or the deadline has come. */
    static RequestLine read(Socket socket, Deadline deadline, Clock clock) throws IOException {
        byte[] head = new byte[MAX_HEAD_BYTES];
        int length = 0;
        InputStream in = socket.getInputStream();
        while (length < head.length && !endsTheHead(head, length)) {
            long leftMs = deadline.remainingMs(clock.nowNs());
            if (leftMs == 0) {
                throw new SocketTimeoutException("the request did not come in time");
            }
            socket.setSoTimeout((int) leftMs);
            int got = in.read(head, length, head.length - length);
            if (got < 0) {
                return UNREADABLE;
            }
            length += got;
        }
        return endsTheHead(head, length) ? parse(head, length) : UNREADABLE;
    }

    private static boolean endsTheHead(byte[] head, int length) {
        for (int i = 1; i < length; i++) {
            boolean empty = head[i - 1] == '\n' || (head[i - 1] == '\r' && i >= 2 && head[i - 2] == '\n');
            if (head[i] == '\n' && empty) {
                return true;
            }
        }
        return false;
    }

    private static RequestLine parse(byte[] head, int length) {
        int end = 0;
        while (end < length && head[end] != '\r' && head[end] != '\n') {
            end++;
        }
        String line = new String(head, 0, end, StandardCharsets.ISO_8859_1);
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first < 1 || second < 0 || !line.startsWith("HTTP/1.", second + 1)) {
            return UNREADABLE;
        }
        String target = line.substring(first + 1, second);
        int query = target.indexOf('?');
        return query < 0
                ? new RequestLine(line.substring(0, first), target, "")
                : new RequestLine(line.substring(0, first), target.substring(0, query), target.substring(query + 1));
    }
}
