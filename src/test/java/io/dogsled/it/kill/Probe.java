package io.dogsled.it.kill;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * The real function of the kill matrix, under AWS's own runtime client: sends the datagram it is given, says so, works as long as
 * it is told, and answers with what it was given.
 *
 * <pre>
 * "orders:1|c;200"        the datagram, and the milliseconds it works
 * </pre>
 */
public final class Probe implements RequestStreamHandler {
    /** What it prints when the datagram is out. */
    static final String SENT = "probe has sent ";

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        byte[] event = input.readAllBytes();
        String text = new String(event, StandardCharsets.UTF_8).replace("\"", "");
        int separator = text.indexOf(';');
        send(text.substring(0, separator));
        System.out.println(SENT + text);
        try {
            Thread.sleep(Long.parseLong(text.substring(separator + 1)));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        output.write(event);
    }

    private static void send(String datagram) throws IOException {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        int port = Integer.parseInt(System.getenv("DD_DOGSTATSD_PORT"));
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
        }
    }
}
