using System.Buffers.Text;
using System.Security.Cryptography;
using AuthFunctions.Protocol;

namespace AuthFunctions.Tests.SigningKeys;

public class ThumbprintTests
{
    /// <summary>The public half of the EC key in RFC 7517 appendix A.1.</summary>
    private const string X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    private const string Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    [Fact]
    public void The_kid_is_the_RFC_7638_thumbprint_of_the_key()
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        });

        var jwk = Jwk.Of(key);

        Assert.Equal((X, Y), (jwk.X, jwk.Y));
        Assert.Equal("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", jwk.Kid);
    }

    [Fact]
    public void A_coordinate_with_leading_zeroes_keeps_its_32_bytes()
    {
        // One key in 256 has such an x; a short coordinate would have another thumbprint elsewhere (RFC 7518 §6.2.1.2).
        for (var tries = 0; tries < 5000; tries++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (key.ExportParameters(false).Q.X![0] != 0)
            {
                continue;
            }

            var jwk = Jwk.Of(key);
            Assert.Equal(43, jwk.X.Length);
            Assert.StartsWith("A", jwk.X, StringComparison.Ordinal);
            return;
        }

        Assert.Fail("No key with a leading zero was found.");
    }
}
