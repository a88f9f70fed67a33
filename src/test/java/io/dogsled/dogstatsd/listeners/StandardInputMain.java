package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.concurrent.SynchronousQueue;

/**
 * The process of {@link StandardInputTest}: reads fd 0 as the engine does and reports on stdout what it reads. The datagram {@code
 * drain} makes it drain, {@code drops} makes it tell what the kernel dropped, {@code close} makes it stop.
 */
final class StandardInputMain {
    private StandardInputMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = System.out;
        SynchronousQueue<String> orders = new SynchronousQueue<>();
        Counters counters = new Counters();
        Clock clock = Clock.system();
        Listener listener = InheritedListener.ofStandardInput(
                8125,
                (buffer, length) -> {
                    out.println("datagram " + length);
                    if (length == 5) {
                        put(orders, new String(buffer, 0, length, java.nio.charset.StandardCharsets.US_ASCII));
                    }
                },
                payload -> out.println("mark " + HexFormat.of().formatHex(payload)),
                new Instruments(clock, counters, new Log(Log.Level.OFF)));
        out.println("started");
        listener.start();
        String order = orders.take();
        while (!order.equals("close")) {
            out.println(answer(order, listener, new Instruments(clock, counters, new Log(Log.Level.OFF))));
            order = orders.take();
        }
        listener.close();
        out.println("closed");
        Runtime.getRuntime().halt(0);
    }

    private static String answer(String order, Listener listener, Instruments instruments) {
        if (order.equals("drain")) {
            boolean drained = listener.drain(Deadline.after(instruments.clock().nowNs(), 5_000));
            return "drained " + drained + " " + instruments.counters().value(Counter.DRAIN_FALLBACK);
        }
        listener.countKernelDrops();
        return "dropped " + instruments.counters().value(Counter.KERNEL_DROPPED);
    }

    private static void put(SynchronousQueue<String> orders, String order) {
        try {
            orders.put(order);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
