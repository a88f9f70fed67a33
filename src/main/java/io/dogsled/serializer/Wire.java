package io.dogsled.serializer;

import com.google.protobuf.CodedOutputStream;
import io.dogsled.metrics.Text;
import java.io.IOException;

/** The parts of protobuf's wire format that the messages here are made of. Texts are written as the bytes they are. */
final class Wire {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    private Wire() {}

    /** The size of a length-delimited field, tag and length included; fields here have numbers below 16. */
    static int sizeOfBytes(int length) {
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }

    /** The size of a varint field that is left out when it is 0. */
    static int sizeOfVarint(long value) {
        return value == 0 ? 0 : 1 + CodedOutputStream.computeUInt64SizeNoTag(value);
    }

    /** The size of a double field that is left out when it is 0. */
    static int sizeOfDouble(double value) {
        return isZero(value) ? 0 : 9;
    }

    /** Opens a nested message or a packed field of a known length. */
    static void writeHead(CodedOutputStream out, int field, int length) throws IOException {
        out.writeUInt32NoTag(field << 3 | BYTES);
        out.writeUInt32NoTag(length);
    }

    static void writeText(CodedOutputStream out, int field, Text text) throws IOException {
        writeBytes(out, field, text.bytes(), 0);
    }

    /** Writes a text from {@code from} on; nothing if it is empty. */
    static void writeBytes(CodedOutputStream out, int field, byte[] bytes, int from) throws IOException {
        writeBytes(out, field, bytes, from, bytes.length);
    }

    /** Writes {@code bytes[from, to)}; nothing if that is empty. */
    static void writeBytes(CodedOutputStream out, int field, byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            writeHead(out, field, to - from);
            out.write(bytes, from, to - from);
        }
    }

    static void writeVarint(CodedOutputStream out, int field, long value) throws IOException {
        if (value != 0) {
            out.writeUInt32NoTag(field << 3 | VARINT);
            out.writeUInt64NoTag(value);
        }
    }

    static void writeDouble(CodedOutputStream out, int field, double value) throws IOException {
        if (!isZero(value)) {
            out.writeUInt32NoTag(field << 3 | FIXED64);
            out.writeDoubleNoTag(value);
        }
    }

    /** Positive zero only: the format tells −0 from it. */
    private static boolean isZero(double value) {
        return Double.doubleToRawLongBits(value) == 0;
    }
}
