package io.dogsled;

/** x. */
public final class ExtensionMain {
    private ExtensionMain() {}

    /** x. */
    public static void main(String[] args) {}
}
