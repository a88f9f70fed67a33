package io.dogsled;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Stands where the layer has its engine and goes wrong in the way that -Ddogsled.blow says. Compiled by KillLayer, never part of
 * what ships. With -Ddogsled.starting at once, otherwise when the file -Ddogsled.trigger is there. Until then, and as a
 * successor, it is the real engine, from real.jar; where an engine has to be dumb in a way that the real one cannot be made to
 * be, it is one that only says ready and done, and never touches the UDP socket.
 */
public final class ExtensionMain {
    private static final String BLOW = System.getProperty("dogsled.blow");
    private static final Object ONE = new Object();
    private static final Object OTHER = new Object();
    private static List<Object> kept = new ArrayList<>();
    private static volatile boolean triggered;

    private ExtensionMain() {}

    public static void main(String[] args) throws Exception {
        boolean dumb = List.of("DEADLOCK", "SILENT", "DEAF").contains(BLOW);
        if (List.of(args).contains("--successor")) {
            real(args);
        } else if (Boolean.getBoolean("dogsled.starting")) {
            strike();
        } else if (dumb) {
            watch(() -> triggered = true);
            speak();
        } else {
            watch(ExtensionMain::strike);
            real(args);
        }
    }

    private static void real(String[] args) throws Exception {
        URL jar = URI.create("file:" + Path.of("real.jar").toAbsolutePath()).toURL();
        ClassLoader loader = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass("io.dogsled.ExtensionMain").getMethod("main", String[].class).invoke(null, (Object) args);
    }

    private static void watch(Runnable action) {
        Path trigger = Path.of(System.getProperty("dogsled.trigger"));
        Thread watcher = new Thread(() -> {
            while (!Files.exists(trigger)) {
                pause(2);
            }
            action.run();
        });
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Ready, and done when telemetry reports the end of the invocation. */
    private static void speak() throws IOException {
        InputStream in = new FileInputStream("/proc/self/fd/3");
        OutputStream out = new FileOutputStream("/proc/self/fd/4");
        String request = "none";
        write(out, 16, "");
        while (true) {
            if (triggered && !BLOW.equals("SILENT")) {
                strike();
            }
            if (in.available() == 0) {
                pause(1);
                continue;
            }
            byte[] head = in.readNBytes(5);
            int length = (head[0] & 255) | (head[1] & 255) << 8 | (head[2] & 255) << 16 | (head[3] & 255) << 24;
            String text = new String(in.readNBytes(length - 1), StandardCharsets.UTF_8);
            if (triggered) {
                continue;
            }
            if (head[4] == 2 && text.contains("\"INVOKE\"")) {
                int at = text.indexOf("\"requestId\":\"") + 13;
                request = text.substring(at, text.indexOf('"', at));
            } else if (head[4] == 2 && text.contains("\"SHUTDOWN\"")) {
                pause(300); // so that it can still be struck
                if (!triggered) {
                    Runtime.getRuntime().halt(0);
                }
            } else if (head[4] == 3 && text.contains("platform.runtimeDone") && text.contains(request)) {
                pause(Integer.getInteger("dogsled.flush", 0));
                if (!triggered) {
                    write(out, 17, request);
                }
            }
        }
    }

    private static void write(OutputStream out, int type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[5 + bytes.length];
        frame[0] = (byte) (bytes.length + 1);
        frame[4] = (byte) type;
        System.arraycopy(bytes, 0, frame, 5, bytes.length);
        out.write(frame);
    }

    private static void strike() {
        switch (BLOW) {
            case "DEADLOCK" -> deadlock();
            case "SILENT", "DEAF" -> pause(Integer.MAX_VALUE);
            case "SPIRAL" -> spiral();
            case "OUT_OF_MEMORY" -> exhaust();
            case "RANDOM" -> nonsense(random(4096));
            case "OVERSIZE" -> nonsense(new byte[] {1, 0, 32, 0, 17});
            case "ZERO" -> nonsense(new byte[5]);
            case "ENDLESS" -> endless();
            default -> throw new IllegalStateException(BLOW);
        }
    }

    private static void deadlock() {
        Thread other = new Thread(() -> lock(OTHER, ONE));
        other.setDaemon(true);
        other.start();
        lock(ONE, OTHER);
    }

    private static void lock(Object first, Object second) {
        synchronized (first) {
            pause(20);
            synchronized (second) {
                pause(Integer.MAX_VALUE);
            }
        }
    }

    /** A heap so full of small things that every collection takes long and frees next to nothing. */
    private static void spiral() {
        long room = Runtime.getRuntime().maxMemory() - (6L << 20);
        Object[] chain = null;
        while (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() < room) {
            for (int i = 0; i < 1000; i++) {
                chain = new Object[] {chain, null};
            }
            kept.add(chain);
        }
        while (true) {
            kept.set(0, new byte[256 << 10]);
        }
    }

    private static void exhaust() {
        while (true) {
            kept.add(new byte[1 << 20]);
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    private static void nonsense(byte[] bytes) {
        try (OutputStream out = new FileOutputStream("/proc/self/fd/4")) {
            out.write(bytes);
        } catch (IOException stopped) {
            return;
        }
        pause(Integer.MAX_VALUE);
    }

    private static void endless() {
        try (OutputStream out = new FileOutputStream("/proc/self/fd/4")) {
            while (true) {
                write(out, 19, "\177\177\177\177");
            }
        } catch (IOException stopped) {
            pause(Integer.MAX_VALUE);
        }
    }

    private static void pause(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
