package io.dogsled.dogstatsd.listeners;

/** One or more datagrams, joined with LF. Owned by whoever was handed it. */
final class Packet {
    private final byte[] bytes;
    private int length;

    Packet(int sizeBytes) {
        this.bytes = new byte[sizeBytes];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean fits(int datagramBytes) {
        int separator = length == 0 ? 0 : 1;
        return length + separator + datagramBytes <= bytes.length;
    }

    /** Only what {@link #fits}. */
    void add(byte[] datagram, int datagramBytes) {
        if (length > 0) {
            bytes[length++] = '\n';
        }
        System.arraycopy(datagram, 0, bytes, length, datagramBytes);
        length += datagramBytes;
    }

    void clear() {
        length = 0;
    }
}
