import java.io.IOException;
import java.util.List;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.NTCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.*;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.*;
import org.apache.http.util.EntityUtils;

/** Logs in with Apache HttpClient 4. */
public class HttpClient4 {
    private static String env(String name) {
        return System.getenv(name);
    }

    /** The page; null when it is refused. */
    private static String request(CloseableHttpClient client, HttpClientContext context, HttpUriRequest request)
            throws IOException {
        try (var answer = client.execute(request, context)) {
            int status = answer.getStatusLine().getStatusCode();
            String text = EntityUtils.toString(answer.getEntity());
            System.out.println((status == 200 ? text : "") + "HTTP " + status);
            return status == 200 ? text : null;
        }
    }

    public static void main(String[] arguments) throws IOException {
        var accounts = new BasicCredentialsProvider();
        accounts.setCredentials(AuthScope.ANY,
                new NTCredentials(env("NTLM_USER"), env("NTLM_PASS"), "WORKSTATION", env("NTLM_DOMAIN")));
        var ntlm = RequestConfig.custom().setTargetPreferredAuthSchemes(List.of("NTLM")).build();
        // The context remembers who is logged in: without it no connection is used again.
        var context = HttpClientContext.create();
        try (var client = HttpClients.custom().setDefaultCredentialsProvider(accounts)
                .setDefaultRequestConfig(ntlm).build()) {
            if (request(client, context, new HttpGet(env("NTLM_URL"))) == null) {
                return;
            }
            request(client, context, new HttpGet(env("NTLM_URL")));
            request(client, context, new HttpGet(env("NTLM_URL")));
            var post = new HttpPost(env("NTLM_URL"));
            post.setEntity(new StringEntity("j".repeat(5000)));
            String page = request(client, context, post);
            if (page == null || !page.contains("method=POST") || !page.contains("len=5000")) {
                System.out.println("BAD: the body did not arrive whole");
            }
        }
    }
}
