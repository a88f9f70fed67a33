package io.dogsled.dogstatsd;

/** The words in tags and options that mean something to the server (protocol.md §1.6; Agent: enrich.go, extractTagsMetadata). */
final class Tags {
    /** The option that says how many tags origin detection may add. */
    static final String CARDINALITY_OPTION = "card:";

    /** The tag that names the host. */
    static final String HOST = "host:";

    private static final String INTERNAL = "dd.internal.";
    private static final String ENTITY = "dd.internal.entity_id:";
    private static final String CHECK = "dd.internal.jmx_check_name:";
    private static final String CARDINALITY = "dd.internal.card:";

    private Tags() {}

    /**
     * Whether a tag is a message to the server and leaves the list. Other tags stay, also {@code dd.internal.resource:} and
     * {@code device:}, which become resources when the metric is written.
     *
     * @param hasCardinality whether the line had a {@code card:} option, which makes {@code dd.internal.card:} an ordinary tag
     */
    static boolean isReserved(byte[] buffer, int from, int to, boolean hasCardinality) {
        if (from < to && buffer[from] == 'h') {
            return Bytes.startsWith(buffer, from, to, HOST);
        }
        return Bytes.startsWith(buffer, from, to, INTERNAL)
                && (Bytes.startsWith(buffer, from, to, ENTITY)
                        || Bytes.startsWith(buffer, from, to, CHECK)
                        || (!hasCardinality && Bytes.startsWith(buffer, from, to, CARDINALITY)));
    }
}
