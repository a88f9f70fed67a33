package io.dogsled;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** The empty JVM that the engine's start is compared with: says ready as the engine does, and has nothing else to do. */
public final class ExtensionMain {
    private static final byte[] READY = {1, 0, 0, 0, 16};

    private ExtensionMain() {}

    public static void main(String[] args) throws IOException {
        new FileOutputStream("/proc/self/fd/4").write(READY);
        byte[] buffer = new byte[4096];
        try (FileInputStream frames = new FileInputStream("/proc/self/fd/3")) {
            while (frames.read(buffer) > 0) {
                // the launcher closes the pipe when it leaves
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
