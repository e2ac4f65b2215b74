import java.io.IOException;
import java.net.*;

/** Logs in with the JDK's HttpURLConnection, through a java.net.Authenticator. */
public class HttpUrlConnection {
    private static final String USER = System.getenv("NTLM_DOMAIN") + "\\" + System.getenv("NTLM_USER");

    /** It is asked again after a refusal: three times are enough. */
    private static class Account extends Authenticator {
        private int asked;

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return ++asked > 3 ? null : new PasswordAuthentication(USER, System.getenv("NTLM_PASS").toCharArray());
        }
    }

    /** The page; null when it is refused. */
    private static String request(String body) throws IOException {
        var connection = (HttpURLConnection) new URL(System.getenv("NTLM_URL")).openConnection();
        connection.setConnectTimeout(30000);
        connection.setReadTimeout(30000);
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes());
        }
        int status;
        try {
            status = connection.getResponseCode();
        } catch (ProtocolException refused) {      // "Server redirected too many times"
            status = 401;
        }
        String page = status == 200 ? new String(connection.getInputStream().readAllBytes()) : null;
        System.out.println((page == null ? "" : page) + "HTTP " + status);
        return page;
    }

    public static void main(String[] arguments) throws IOException {
        Authenticator.setDefault(new Account());
        if (request(null) == null) {
            return;
        }
        String page = request("j".repeat(5000));
        if (page == null || !page.contains("method=POST") || !page.contains("len=5000")) {
            System.out.println("BAD: the body did not arrive whole");
        }
    }
}
