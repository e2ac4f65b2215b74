import java.io.IOException;
import java.net.URI;
import org.apache.commons.httpclient.*;
import org.apache.commons.httpclient.auth.AuthScope;
import org.apache.commons.httpclient.methods.GetMethod;

/** Tries to log in with Commons HttpClient 3.1. */
public class CommonsHttpClient3 {
    public static void main(String[] arguments) throws IOException {
        var client = new HttpClient();
        client.getState().setCredentials(AuthScope.ANY, new NTCredentials(System.getenv("NTLM_USER"),
                System.getenv("NTLM_PASS"), "WORKSTATION", System.getenv("NTLM_DOMAIN")));
        var get = new GetMethod(System.getenv("NTLM_URL"));
        int status = client.executeMethod(get);
        System.out.println((status == 200 ? get.getResponseBodyAsString() : "") + "HTTP " + status);
    }
}
