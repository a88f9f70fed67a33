package io.dogsled.http;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The native library of the layer: OpenSSL's TLS client over bytes in memory ({@code layer/tls}). One host with its session,
 * and the calls for its connections. Handles are addresses: 0 is none, and none is used after {@link #free}. The owner's
 * thread, one call at a time.
 */
final class OpenSsl {
    static final int CLOSED = -2;
    static final int FAILED = -1;
    static final int MORE = 0;
    static final int DONE = 1;

    /** The bits of {@code rules}, as {@code channel.h} has them. */
    private static final int UNVERIFIED = 1;

    private static final int TLS_1_3_ONLY = 2;

    private static final String LIBRARY = "libdogsledtls.so";
    private static final int WHY_BYTES = 160;

    private final long peer;
    private final String complaint;

    private OpenSsl(long peer, String complaint) {
        this.peer = peer;
        this.complaint = complaint;
    }

    /** Whether there is a library to load in this folder. */
    static boolean isIn(File folder) {
        return new File(folder, LIBRARY).exists();
    }

    /**
     * For one host. Loads the library from {@code folder}, which must be absolute and holds the certificates to trust as well.
     *
     * @param certFile a PEM file of further certificates to trust, {@code ""} = none; what cannot be used of it is not trusted, and
     *     {@link #complaint} says why
     * @throws LinkageError if this system has not what the library needs
     */
    @SuppressWarnings("restricted") // loads what the layer has, and jvm.options allows it
    static OpenSsl of(File folder, String host, String certFile, Tls.Rules rules) throws IOException {
        System.load(new File(folder, LIBRARY).getPath());
        byte[] why = new byte[WHY_BYTES];
        int asked = (rules.verified() ? 0 : UNVERIFIED) | (rules.tls13Only() ? TLS_1_3_ONLY : 0);
        long peer = peer(bytes(host), bytes(new File(folder, "roots").getPath()), bytes(certFile), asked, why);
        if (peer == 0) {
            throw new IOException(text(why));
        }
        return new OpenSsl(peer, text(why));
    }

    /** Why the file of further certificates is not used; {@code ""} = it is, or there is none. */
    String complaint() {
        return complaint;
    }

    /** A new connection, which resumes the session of the one before if the peer wants that too. */
    long link() throws IOException {
        long link = link(peer);
        if (link == 0) {
            throw new IOException("no memory for TLS");
        }
        return link;
    }

    /** Of the last {@link #FAILED}. */
    static String reason(long link) {
        byte[] why = new byte[WHY_BYTES];
        why(link, why);
        return text(why);
    }

    /** {@link #DONE}, {@link #MORE} or {@link #FAILED}; {@link #take} has what must be sent in each case. */
    static native int handshake(long link);

    /** Bytes that came from the network; how many were taken, at most a record, or {@link #FAILED}. */
    static native int feed(long link, byte[] b, int offset, int length);

    /** Bytes to send to the network; 0 = none. */
    static native int take(long link, byte[] b, int offset, int length);

    /** Bytes to secure; how many were, at most a record, or {@link #FAILED}. */
    static native int write(long link, byte[] b, int offset, int length);

    /** Bytes that the peer secured; how many, {@link #MORE}, {@link #CLOSED} or {@link #FAILED}. */
    static native int read(long link, byte[] b, int offset, int length);

    /** Whether the handshake took up an earlier session. */
    static native boolean resumed(long link);

    static native void free(long link);

    private static native long peer(byte[] host, byte[] roots, byte[] own, int rules, byte[] why);

    private static native long link(long peer);

    private static native void why(long link, byte[] why);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] zeroEnded) {
        int length = 0;
        while (length < zeroEnded.length && zeroEnded[length] != 0) {
            length++;
        }
        return new String(zeroEnded, 0, length, StandardCharsets.ISO_8859_1);
    }
}
