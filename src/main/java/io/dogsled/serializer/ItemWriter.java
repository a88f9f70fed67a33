package io.dogsled.serializer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The format of one kind of payload. */
abstract class ItemWriter<T> {
    /**
     * How many items from the front a payload may take, at least 1: a bound, good enough that what is written rarely has
     * to be written again with fewer.
     *
     * @param max not more than these
     */
    abstract int fitting(List<T> items, int max);

    /** Writes the first {@code count} items as one payload. */
    abstract void write(List<T> items, int count, OutputStream out) throws IOException;
}
