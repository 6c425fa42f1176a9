variable "name" {
  description = "Name of the cluster and prefix of everything that belongs to it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be lower-case letters, digits and single hyphens, start with a letter and have at most 40 characters."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes minor version of control plane, nodes and add-ons; upgrades go one minor at a time."
  type        = string
  default     = "1.35"

  validation {
    condition     = can(regex("^1\\.(3[3-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version must be a minor version from 1.33 on, such as 1.35."
  }
}

variable "subnet_ids" {
  description = "IDs of private subnets in at least two zones, for the control plane's interfaces and the nodes."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must hold subnets in at least two zones, as EKS asks for."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts Kubernetes Secrets, control plane logs and the disks of nodes and pods."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "endpoint_public_access_cidrs" {
  description = "IPv4 blocks that reach the API server from outside of the VPC; with an empty list it has no public endpoint."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.endpoint_public_access_cidrs : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "endpoint_public_access_cidrs must be IPv4 blocks; the API server is never open to the whole internet (0.0.0.0/0)."
  }
}

variable "log_retention_days" {
  description = "Days that control plane logs are kept, the audit log among them."
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs offers, such as 30, 90, 365 or 731."
  }
}

variable "node_groups" {
  description = "Managed node groups by name. desired_size is where a group begins (min_size, when null); a null release_version takes the image that is current when the group is made or upgraded."
  type = map(object({
    instance_types  = optional(list(string), ["m7i.large"])
    capacity_type   = optional(string, "ON_DEMAND")
    ami_type        = optional(string, "AL2023_x86_64_STANDARD")
    release_version = optional(string)
    min_size        = optional(number, 2)
    max_size        = optional(number, 5)
    desired_size    = optional(number)
    disk_size       = optional(number, 50)
    labels          = optional(map(string), {})
    taints = optional(list(object({
      key    = string
      value  = optional(string)
      effect = string
    })), [])
  }))
  default = {
    default = {}
  }

  validation {
    condition     = alltrue([for name in keys(var.node_groups) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name)) && length(name) <= 30])
    error_message = "node_groups must be keyed by lower-case letters, digits and single hyphens, at most 30 characters."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["ON_DEMAND", "SPOT"], group.capacity_type)])
    error_message = "capacity_type must be ON_DEMAND or SPOT."
  }

  validation {
    condition = alltrue([for group in var.node_groups : contains([
      "AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "AL2023_x86_64_NVIDIA", "AL2023_ARM_64_NVIDIA", "AL2023_x86_64_NEURON",
      "BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64", "BOTTLEROCKET_x86_64_FIPS", "BOTTLEROCKET_ARM_64_FIPS",
      "BOTTLEROCKET_x86_64_NVIDIA", "BOTTLEROCKET_ARM_64_NVIDIA",
    ], group.ami_type)])
    error_message = "ami_type must be an Amazon Linux 2023 or Bottlerocket type of EKS, such as AL2023_ARM_64_STANDARD."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : length(group.instance_types) > 0 && group.min_size >= 0 && group.max_size >= 1 && coalesce(group.desired_size, group.min_size) >= group.min_size && coalesce(group.desired_size, group.min_size) <= group.max_size && group.disk_size >= 20])
    error_message = "A node group needs an instance type, 0 <= min_size <= desired_size <= max_size, max_size >= 1 and a disk of 20 GiB or more."
  }

  validation {
    condition     = alltrue(flatten([for group in var.node_groups : [for taint in group.taints : contains(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"], taint.effect)]]))
    error_message = "The effect of a taint must be NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE."
  }
}

variable "addons" {
  description = "EKS add-ons by name; a null version takes the one that EKS recommends for the Kubernetes version, null configuration_values the module's."
  type = map(object({
    version              = optional(string)
    configuration_values = optional(string)
  }))
  default = {
    aws-ebs-csi-driver     = {}
    coredns                = {}
    eks-pod-identity-agent = {}
    kube-proxy             = {}
    vpc-cni                = {}
  }

  validation {
    condition     = contains(keys(var.addons), "eks-pod-identity-agent") || length(setintersection(keys(var.addons), ["aws-ebs-csi-driver", "vpc-cni"])) == 0
    error_message = "vpc-cni and aws-ebs-csi-driver get their rights through eks-pod-identity-agent, so it must be among the addons."
  }

  validation {
    condition     = alltrue([for addon in var.addons : addon.configuration_values == null || can(jsondecode(addon.configuration_values))])
    error_message = "configuration_values must be JSON."
  }
}

variable "access_entries" {
  description = "Who may enter the cluster, by a name for them: an IAM role or user, an EKS access policy, and the namespaces it holds in (all, when empty). Without an entry nobody may."
  type = map(object({
    principal_arn = string
    policy_arn    = string
    namespaces    = optional(list(string), [])
  }))
  default = {}

  validation {
    condition     = alltrue([for entry in var.access_entries : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", entry.principal_arn))])
    error_message = "principal_arn must be the ARN of an IAM role or user (of the role itself, not of a session)."
  }

  validation {
    condition     = alltrue([for entry in var.access_entries : can(regex("^arn:[a-z-]+:eks::aws:cluster-access-policy/[A-Za-z0-9]+$", entry.policy_arn))])
    error_message = "policy_arn must be the ARN of an EKS access policy, such as arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy."
  }
}

variable "pod_identities" {
  description = "AWS rights of pods, by a name for them: a service account and the policy of the role that its pods get."
  type = map(object({
    namespace       = string
    service_account = string
    policy_json     = string
  }))
  default = {}

  validation {
    condition     = alltrue([for key in keys(var.pod_identities) : can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", key)) && length("${var.name}${key}") <= 63])
    error_message = "pod_identities must be keyed by lower-case letters, digits and single hyphens, and name and key together must have at most 63 characters."
  }

  validation {
    condition     = length(setintersection(keys(var.pod_identities), ["aws-ebs-csi-driver", "cluster", "node", "vpc-cni"])) == 0
    error_message = "aws-ebs-csi-driver, cluster, node and vpc-cni are names of roles that this module makes itself."
  }

  validation {
    condition     = alltrue([for identity in var.pod_identities : can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", identity.namespace)) && can(regex("^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$", identity.service_account))])
    error_message = "namespace and service_account must be Kubernetes names."
  }

  validation {
    condition     = length(distinct([for identity in var.pod_identities : "${identity.namespace}/${identity.service_account}"])) == length(var.pod_identities)
    error_message = "A service account can have one role only."
  }
}

variable "tags" {
  description = "Tags added to every resource, and to the instances and volumes of the node groups."
  type        = map(string)
  default     = {}
}
