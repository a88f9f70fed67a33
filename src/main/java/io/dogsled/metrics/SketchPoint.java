package io.dogsled.metrics;

/**
 * A distribution's sketch of a bucket, or of the part of it since the last flush: sketches of one slot add up at the
 * intake, so each is sent once, and two that wait may be merged into one.
 */
public final class SketchPoint extends Point {
    private final SketchView sketch;

    /** {@code samples}: those in this sketch alone; its receipt is its own. */
    public SketchPoint(Context context, long timestampS, long samples, Receipt receipt, SketchView sketch) {
        super(context, timestampS, samples, receipt);
        this.sketch = sketch;
    }

    public SketchView sketch() {
        return sketch;
    }

    /** The same for an additional endpoint: a sketch is handed over once, so a receipt of its own is all it takes. */
    SketchPoint forAnotherEndpoint() {
        return new SketchPoint(context(), timestampS(), samples(), new Receipt(), sketch);
    }

    /** This sketch and a later one of the same slot as one, with a receipt of its own for the samples of both. */
    public SketchPoint mergedWith(SketchPoint later) {
        return new SketchPoint(
                context(), timestampS(), samples() + later.samples(), new Receipt(), sketch.mergedWith(later.sketch));
    }
}
