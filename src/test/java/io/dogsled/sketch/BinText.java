package io.dogsled.sketch;

/** The notation of the Agent's tests: {@code "0:3 1:1"}. */
final class BinText {
    private BinText() {}

    static Bins parse(String text) {
        Bins bins = new Bins();
        for (String bin : text.isEmpty() ? new String[0] : text.split(" ")) {
            int colon = bin.indexOf(':');
            Bins one = new Bins();
            one.add(Integer.parseInt(bin.substring(0, colon)), Long.parseLong(bin.substring(colon + 1)));
            bins = joined(bins, one);
        }
        return bins;
    }

    static String of(Bins bins) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bins.size(); i++) {
            text.append(i == 0 ? "" : " ").append(bins.key(i)).append(':').append(bins.count(i));
        }
        return text.toString();
    }

    static String of(Sketch sketch) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sketch.bins(); i++) {
            text.append(i == 0 ? "" : " ").append(sketch.key(i)).append(':').append(sketch.binCount(i));
        }
        return text.toString();
    }

    /** One list behind the other, as written: bins of one key stay apart. */
    private static Bins joined(Bins first, Bins second) {
        Bins all = first.copy();
        all.append(second, 0);
        return all;
    }
}
