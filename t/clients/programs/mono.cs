using System;
using System.IO;
using System.Net;

// Tries to log in with HttpWebRequest.
class Client
{
    static int Show(HttpWebResponse answer)
    {
        using (var body = new StreamReader(answer.GetResponseStream()))
        {
            var text = body.ReadToEnd();
            Console.WriteLine((answer.StatusCode == HttpStatusCode.OK ? text : "") + "HTTP " + (int)answer.StatusCode);
        }
        return 0;
    }

    static int Main()
    {
        Func<string, string> env = Environment.GetEnvironmentVariable;
        var account = new NetworkCredential(env("NTLM_USER"), env("NTLM_PASS"), env("NTLM_DOMAIN"));
        var accounts = new CredentialCache { { new Uri(env("NTLM_URL")), "NTLM", account } };
        var request = (HttpWebRequest)WebRequest.Create(env("NTLM_URL"));
        request.Credentials = accounts;
        try
        {
            return Show((HttpWebResponse)request.GetResponse());
        }
        catch (WebException refused) when (refused.Response != null)
        {
            return Show((HttpWebResponse)refused.Response);
        }
    }
}
