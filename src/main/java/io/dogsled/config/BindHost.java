package io.dogsled.config;

/**
 * The addresses that the launcher can bind: it knows no names, so this takes what its {@code inet_pton} takes and nothing else, IPv4 and
 * IPv6 in numerals, without brackets or a zone. Its tests read the same texts.
 */
final class BindHost {
    private static final int IPV6_GROUPS = 8;

    private BindHost() {}

    /** Whether this is an address in numerals. */
    static boolean isAddress(String host) {
        return isIpv4(host) || isIpv6(host);
    }

    private static boolean isIpv4(String host) {
        String[] parts = host.split("\\.", -1);
        for (String part : parts) {
            long number = Settings.wholeNumber(part);
            boolean plain = part.length() == 1 || !part.startsWith("0");
            if (number < 0 || number > 255 || !plain) {
                return false;
            }
        }
        return parts.length == 4;
    }

    /** Eight groups, or fewer around one {@code ::}; an IPv4 address may stand for the last two. */
    private static boolean isIpv6(String host) {
        int gap = host.indexOf("::");
        if (gap < 0) {
            return groups(host) == IPV6_GROUPS;
        }
        int before = groups(host.substring(0, gap));
        int after = groups(host.substring(gap + 2));
        boolean endsTheAddress = host.indexOf('.') < 0 || host.indexOf('.') > gap;
        return before >= 0 && after >= 0 && before + after < IPV6_GROUPS && endsTheAddress;
    }

    /** How many groups this is; −1 if it is something else. */
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        String last = parts[parts.length - 1];
        int count = isIpv4(last) ? parts.length + 1 : parts.length;
        for (int i = 0; i < parts.length; i++) {
            if (!isGroup(parts[i]) && !(i == parts.length - 1 && isIpv4(last))) {
                return -1;
            }
        }
        return count;
    }

    private static boolean isGroup(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789abcdefABCDEF".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 4;
    }
}
