import java.io.IOException;
import java.net.*;
import java.net.http.*;

/** Logs in with the JDK's java.net.http, through a java.net.Authenticator. */
public class NetHttp {
    private static final String USER = System.getenv("NTLM_DOMAIN") + "\\" + System.getenv("NTLM_USER");

    private static class Account extends Authenticator {
        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(USER, System.getenv("NTLM_PASS").toCharArray());
        }
    }

    private static final HttpClient CLIENT =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).authenticator(new Account()).build();

    /** The page; null when it is refused. */
    private static String request(HttpRequest.Builder request) throws InterruptedException {
        try {
            var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            System.out.println((answer.statusCode() == 200 ? answer.body() : "") + "HTTP " + answer.statusCode());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException refused) {     // "too many authentication attempts", or no Basic offered
            System.out.println(refused.getMessage() + "\nHTTP 401");
            return null;
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        var url = URI.create(System.getenv("NTLM_URL"));
        if (request(HttpRequest.newBuilder(url)) == null) {
            return;
        }
        String page = request(HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString("n".repeat(5000))));
        if (page == null || !page.contains("method=POST") || !page.contains("len=5000")) {
            System.out.println("BAD: the body did not arrive whole");
        }
    }
}
