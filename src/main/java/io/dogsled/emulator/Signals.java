package io.dogsled.emulator;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Signals to whole process groups. Java can only end a single process, so the shell's own {@code kill} does it: every system has
 * it, it needs no native access, and it costs a few milliseconds at moments that nobody measures (before an event is delivered,
 * after everybody is idle). {@code -s} with {@code --} is the one form that every shell takes for a negative number.
 */
final class Signals {
    private Signals() {}

    /** Sends the signal ({@code STOP}, {@code CONT}, {@code TERM}, {@code KILL}) to every group; a group that is gone is fine. */
    static void send(String signal, Collection<Long> groups) {
        if (groups.isEmpty()) {
            return;
        }
        StringBuilder script = new StringBuilder();
        for (long group : groups) {
            script.append("kill -s ")
                    .append(signal)
                    .append(" -- -")
                    .append(group)
                    .append(';');
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script.toString()));
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectError(Redirect.DISCARD)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            int ignored = kill.waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot run /bin/sh to send SIG" + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
