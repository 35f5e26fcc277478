import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's client: JavaClient once|load HTTP_1_1|HTTP_2 URL CA [CERT KEY]. */
public final class JavaClient {
    public static void main(String[] arguments) throws Exception {
        var version = HttpClient.Version.valueOf(arguments[1]);
        var client = HttpClient.newBuilder().version(version).sslContext(tls(arguments)).build();
        var request = HttpRequest.newBuilder(URI.create(arguments[2] + "/echo")).POST(HttpRequest.BodyPublishers.ofString("x")).build();
        if (arguments[0].equals("once")) {
            System.out.println(flat(describe(client, request)));
            return;
        }
        var stopped = new AtomicBoolean();
        var reader = new Thread(() -> {
            try {
                System.in.readAllBytes();
            } catch (java.io.IOException ended) {
                // The end of the input is what is waited for.
            }
            stopped.set(true);
        });
        reader.setDaemon(true);
        reader.start();
        int served = 0, lost = 0;
        var first = "";
        while (!stopped.get()) {
            var seen = describe(client, request);
            if (seen.startsWith("200 ")) {
                if (++served == 1) {
                    System.out.println("running");
                }
            } else {
                lost++;
                first = first.isEmpty() ? seen : first;
            }
            Thread.sleep(5);
        }
        System.out.println(flat("served " + served + " lost " + lost + " " + first));
        System.exit(0);
    }

    private static String describe(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (java.io.IOException error) {
            return error.getClass().getSimpleName() + " " + error.getMessage();
        }
    }

    private static String flat(String text) {
        var line = text.replaceAll("\\s+", " ");
        return line.length() > 600 ? line.substring(0, 600) : line;
    }

    private static SSLContext tls(String[] arguments) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificates(arguments[3])[0]);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        if (arguments.length < 6) {
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }
        var pem = Files.readString(Path.of(arguments[5])).replaceAll("-----[A-Z ]+-----|\\s", "");
        var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", key, new char[0], certificates(arguments[4]));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate[] certificates(String path) throws Exception {
        try (var file = new FileInputStream(path)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(file).toArray(Certificate[]::new);
        }
    }
}
